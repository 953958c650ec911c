/* SPDX-License-Identifier: Apache-2.0
 *
 * What every step of the demo needs: paths and problems.
 */
#include "cli/demo/demo.h"

#include <stdarg.h>
#include <stdio.h>

bool demo_fail(struct demo *demo, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(demo->problem.text, sizeof demo->problem.text, format, arguments);
    va_end(arguments);
    return false;
}

bool demo_path(struct demo *demo, char path[PATH_MAX], const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int len = vsnprintf(path, PATH_MAX, format, arguments);
    va_end(arguments);
    return (len >= 0 && len < PATH_MAX) ||
           demo_fail(demo, "the folder's path is too long; choose a shorter one");
}
