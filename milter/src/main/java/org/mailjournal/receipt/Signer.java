package org.mailjournal.receipt;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.SignerInfoGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.mime.smime.SMIMESignedWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/**
 * Signs MIME entities with the site's key: S/MIME, CMS detached, {@code multipart/signed} (RFC 8551
 * section 3.5.3). Safe for use by many threads.
 */
public final class Signer {
  private final SigningKey key;
  private final JcaCertStore certificates;
  private final X509CertificateHolder holder;

  private Signer(SigningKey key) throws GeneralSecurityException, IOException {
    this.key = key;
    this.certificates = new JcaCertStore(key.chain());
    this.holder = new X509CertificateHolder(key.certificate().getEncoded());
  }

  /**
   * A signer with the key that the settings name; makes one where they name none and there is none.
   *
   * @throws SigningException when there is no usable key, with the cure in its text
   */
  public static Signer open(SigningSettings settings, Clock clock) {
    try {
      return new Signer(SigningKey.open(settings, clock));
    } catch (GeneralSecurityException | IOException e) {
      throw SigningException.signature(e);
    }
  }

  /** The certificate that the signatures carry. */
  public X509Certificate certificate() {
    return key.certificate();
  }

  /** Until when the certificate is valid; what is signed later convinces nobody. */
  public Instant expires() {
    return key.certificate().getNotAfter().toInstant();
  }

  /**
   * A {@code multipart/signed} entity around an entity.
   *
   * @param entity header fields and body with CR LF line ends, 7-bit
   * @return one header field ({@code Content-Type}, folded) and the body, CR LF line ends; whoever
   *     mails it puts {@code MIME-Version} and the message's other fields in front
   * @throws SigningException when the signature cannot be made
   */
  public byte[] sign(byte[] entity) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(entity.length + 8192);
    try {
      SMIMESignedWriter.Builder builder = new SMIMESignedWriter.Builder();
      builder.addCertificates(certificates);
      builder.addSignerInfoGenerator(generator());
      try (OutputStream content = builder.build(out).getContentStream()) {
        content.write(entity);
      }
    } catch (IOException | CMSException | GeneralSecurityException | OperatorCreationException e) {
      throw SigningException.signature(e);
    }
    return out.toByteArray();
  }

  /** Holds the state of one signature, so it is made for each; the key is parsed once. */
  private SignerInfoGenerator generator()
      throws OperatorCreationException, GeneralSecurityException {
    return new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build())
        .build(new JcaContentSignerBuilder(key.algorithm()).build(key.key()), holder);
  }
}
