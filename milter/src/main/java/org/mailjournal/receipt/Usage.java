package org.mailjournal.receipt;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** Whether a certificate may sign mail (RFC 8550 sections 4.4.2 and 4.4.4). */
final class Usage {
  private static final int DIGITAL_SIGNATURE = 0;
  private static final int NON_REPUDIATION = 1;
  private static final String EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4";
  private static final String ANY = "2.5.29.37.0";

  private Usage() {}

  /** Why not; empty when it may. What a certificate does not limit is allowed. */
  static Optional<String> problem(X509Certificate certificate) {
    boolean[] usage = certificate.getKeyUsage();
    if (usage != null && !usage[DIGITAL_SIGNATURE] && !usage[NON_REPUDIATION]) {
      return Optional.of("its key is not for signatures (keyUsage)");
    }
    try {
      List<String> purposes = certificate.getExtendedKeyUsage();
      boolean allowed =
          purposes == null || purposes.contains(EMAIL_PROTECTION) || purposes.contains(ANY);
      return allowed
          ? Optional.empty()
          : Optional.of("it is not for mail (extendedKeyUsage without emailProtection)");
    } catch (CertificateParsingException e) {
      return Optional.of("its extendedKeyUsage cannot be read");
    }
  }
}
