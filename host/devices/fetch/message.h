/* SPDX-License-Identifier: Apache-2.0
 *
 * What saksi and saksi-fetch tell each other: the request is the program's descriptor 3, the answer
 * its standard output, the part file its descriptor 4. Whoever reads an answer believes nothing of
 * it but its form: a server may have written it.
 */
#ifndef DEVICES_FETCH_MESSAGE_H
#define DEVICES_FETCH_MESSAGE_H

#include "devices/fetch/url.h"

#define FETCH_PROGRAM       "saksi-fetch"
#define FETCH_VALIDATOR_MAX 256
#define FETCH_PROXY_MAX     512
#define FETCH_CACERT_MAX    1048576
#define FETCH_REDIRECTS_MAX 5
#define FETCH_REQUEST_MAX   (FETCH_CACERT_MAX + 8192)
#define FETCH_ANSWER_MAX    8192

enum fetch_outcome {
    FETCH_OK = 0,       /* the part file is the whole file */
    FETCH_NOT_MODIFIED, /* as the validators of the request say */
    FETCH_STATUS,       /* another status of HTTP */
    FETCH_URL,          /* the address, or that of a redirect, is not to be fetched from */
    FETCH_REDIRECTS,    /* too many */
    FETCH_RESOLVE,      /* no such server */
    FETCH_CONNECT,      /* the server does not answer */
    FETCH_PROXY,        /* the proxy is not found, not answering, or refuses */
    FETCH_TLS,          /* no agreement about encryption */
    FETCH_CERTIFICATE,  /* the server's certificate is not trusted */
    FETCH_CACERT,       /* the certificates given are none */
    FETCH_TIMEOUT,
    FETCH_INTERRUPTED, /* the connection ended before the file did */
    FETCH_PROTOCOL,    /* not HTTP, or a contradiction */
    FETCH_TOO_LARGE,   /* more than the request allows */
    FETCH_WRITE,       /* the part file cannot be written */
    FETCH_SYSTEM,      /* memory, library */
    FETCH_NO_PROGRAM,  /* said by the caller: the program is not there */
    FETCH_CRASHED,     /* said by the caller: it ended without an answer */
};

/* What names one state of a file on its server (RFC 9110, 8.8); "" when not known. */
struct fetch_validators {
    char etag[FETCH_VALIDATOR_MAX + 1]; /* with its quotes */
    char modified[FETCH_VALIDATOR_MAX + 1];
};

struct fetch_request {
    char url[FETCH_URL_MAX + 1];
    struct fetch_validators known;   /* the file is only wanted when it is another one */
    uint32_t most;                   /* bytes of the file */
    uint32_t timeout_s;              /* for everything together */
    char proxy[FETCH_PROXY_MAX + 1]; /* "": as the environment says */
    struct span cacert;              /* PEM; empty: the system's. Points into what was decoded */
};

struct fetch_answer {
    enum fetch_outcome outcome;
    unsigned http_status; /* the last one; 0: none */
    uint32_t len;         /* bytes of the file in the part file */
    uint32_t resumed_at;  /* bytes of it that were there before; 0: it was begun anew */
    struct fetch_validators validators; /* of the file, after FETCH_OK */
    char where[FETCH_URL_MAX + 1];      /* the address that the last request went to */
};

/* A validator that may stand in a header: printable ASCII, not too long; an entity-tag has quotes.
 */
bool fetch_is_validator(struct span text);

void fetch_request_encode(const struct fetch_request *request, struct writer *w);
MUST_USE bool fetch_request_decode(struct span bytes, struct fetch_request *ret_request);
void fetch_answer_encode(const struct fetch_answer *answer, struct writer *w);
MUST_USE bool fetch_answer_decode(struct span bytes, struct fetch_answer *ret_answer);

/* Text with its length in front, and back: false when it is longer than size − 1 bytes or not
 * printable ASCII. */
void fetch_put_text(struct writer *w, const char *text);
MUST_USE bool fetch_take_text(struct reader *r, char *ret_text, size_t size);

#endif
