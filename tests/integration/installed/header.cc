// SPDX-License-Identifier: Apache-2.0
//
// The headers are good C++, and the library links to it.
#include <saksi/saksi.h>

int main()
{
    saksi_request request = saksi_request();
    request.size = sizeof request;
    request.host = "MY";
    request.purpose = SAKSI_BORDER;
    saksi_card card = saksi_card();
    card.size = sizeof card;
    request.card = &card;
    saksi_verifier *verifier = nullptr;
    saksi_verdict *verdict = nullptr;
    if (saksi_verifier_new(nullptr, &verifier) != SAKSI_OK ||
        saksi_verify_qr_text(verifier, &request, "HELLO", 5, &verdict) != SAKSI_OK) {
        return 1;
    }
    bool good = saksi_verdict_outcome(verdict) == SAKSI_CANNOT_VERIFY &&
                saksi_verdict_reason(verdict, 0) == SAKSI_NOT_A_CERTIFICATE;
    saksi_verdict_free(verdict);
    saksi_verifier_free(verifier);
    return good ? 0 : 1;
}
