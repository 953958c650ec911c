/* SPDX-License-Identifier: Apache-2.0
 *
 * Guilloche line work as cairo paths: the same lines for the same size, no randomness. Ornament
 * only: it proves nothing and is no security feature.
 */
#ifndef PAGE_ORNAMENT_H
#define PAGE_ORNAMENT_H

#include "sheet.h"

/* Each draws into `area` with thin lines. `cairo` is a cairo_t. */
void ornament_frame(void *cairo, struct rect area);
void ornament_rosette(void *cairo, struct rect area, enum ink ink);
void ornament_waves(void *cairo, struct rect area, enum ink ink);

#endif
