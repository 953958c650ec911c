/* SPDX-License-Identifier: Apache-2.0
 *
 * MUST_USE marks results that may not be dropped.
 */
#ifndef WIRE_MUST_USE_H
#define WIRE_MUST_USE_H

#define MUST_USE __attribute__((warn_unused_result))

#endif
