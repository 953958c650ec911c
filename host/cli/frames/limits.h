/* SPDX-License-Identifier: Apache-2.0
 *
 * What may be asked of saksi-frames, for those who ask.
 */
#ifndef CLI_FRAMES_LIMITS_H
#define CLI_FRAMES_LIMITS_H

#define FRAMES_SCALE_MAX 32   /* pixels a module */
#define FRAMES_COUNT_MAX 9999 /* their file names have four digits */
#define FRAMES_FPS_MAX   30

#endif
