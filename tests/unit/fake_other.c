/* SPDX-License-Identifier: Apache-2.0
 *
 * A library that is no PKCS#11 module.
 */
extern int fake_other;
int fake_other = 1;
