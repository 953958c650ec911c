/* SPDX-License-Identifier: Apache-2.0
 *
 * What goes wrong with a card in a file, for tests of who must bear it. Beside the card's FILE,
 * FILE.fault says so, one thing a line; a file that is not there means that nothing does. A reader
 * reads it before every command, and does what it knows:
 *
 *     absent       no card is in the reader; to be noticed it must last a second, as what is
 *                  shorter falls between two of pcscd's looks
 *     slow MS      each command takes so much longer; with T=1 the reader asks for time meanwhile
 *     mute         the card does not answer (pcscd's driver alone, as the next three)
 *     pull N       it is pulled at the N-th command since power came, counted from 1
 *     token        it has no credential application, as a PIV card of another maker
 *     touch        key 9E signs for nobody, as where a touch is wanted and nobody touches
 *     wait N       the card asks for N block waiting times before each command (with T=1 alone)
 *
 * A number that is missing is 1. Lines with other words are passed over, and nobody is told, for a
 * driver inside pcscd has nowhere to say so: when a fault does not happen, look at its spelling.
 */
#ifndef IFD_FAULTS_H
#define IFD_FAULTS_H

struct ifd_faults {
    unsigned absent, mute, token, touch; /* not 0: it is so */
    unsigned pull, slow_ms, wait;        /* 0: not */
};

/* Those of the card in the file `path`. */
struct ifd_faults ifd_faults_read(const char *path);

#endif
