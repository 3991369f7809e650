package org.mailjournal.receipt;

import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.cms.Time;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.util.Store;

/**
 * A signature that holds: the content is what the key of this certificate signed.
 *
 * @param certificate the signer's
 * @param signedAt when the signer says that he signed
 * @param others further certificates that came along
 */
record Signature(
    X509Certificate certificate, Optional<Instant> signedAt, List<X509Certificate> others) {
  Signature {
    others = List.copyOf(others);
  }

  /** Why a signature convinces nobody. */
  static final class Broken extends Exception {
    private Broken(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * The signature of a file.
   *
   * @throws Broken when it does not hold, with the reason as half a sentence
   */
  static Signature of(SignedFile file) throws Broken {
    try {
      CMSSignedData data =
          new CMSSignedData(new CMSProcessableByteArray(file.content()), file.signature());
      Collection<SignerInformation> signers = data.getSignerInfos().getSigners();
      if (signers.size() != 1) {
        throw new Broken("it has " + signers.size() + " signers, and one is expected", null);
      }
      SignerInformation signer = signers.iterator().next();
      List<X509Certificate> all = certificates(data.getCertificates());
      for (X509Certificate certificate : all) {
        if (signer.getSID().match(new X509CertificateHolder(certificate.getEncoded()))) {
          return checked(signer, certificate, all);
        }
      }
      throw new Broken("the signer's certificate is not in it", null);
    } catch (CMSException | OperatorCreationException | GeneralSecurityException e) {
      throw new Broken("it does not hold: " + e.getMessage(), e);
    } catch (java.io.IOException | RuntimeException e) {
      throw new Broken("it cannot be read: " + e.getMessage(), e);
    } catch (StackOverflowError e) {
      // Bouncy Castle descends into ASN.1 as deep as it is written.
      throw new Broken("it is nested without end", e);
    }
  }

  private static Signature checked(
      SignerInformation signer, X509Certificate certificate, List<X509Certificate> all)
      throws Broken, CMSException, OperatorCreationException {
    if (!signer.verify(new JcaSimpleSignerInfoVerifierBuilder().build(certificate))) {
      throw new Broken("it does not hold", null);
    }
    return new Signature(certificate, signedAt(signer), all);
  }

  private static List<X509Certificate> certificates(Store<X509CertificateHolder> store)
      throws GeneralSecurityException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (X509CertificateHolder holder : store.getMatches(null)) {
      certificates.add(new JcaX509CertificateConverter().getCertificate(holder));
    }
    return certificates;
  }

  private static Optional<Instant> signedAt(SignerInformation signer) {
    if (signer.getSignedAttributes() == null) {
      return Optional.empty();
    }
    Attribute time = signer.getSignedAttributes().get(CMSAttributes.signingTime);
    return Optional.ofNullable(time)
        .map(t -> Time.getInstance(t.getAttrValues().getObjectAt(0)).getDate().toInstant());
  }

  boolean isSelfSigned() {
    return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
  }

  /**
   * The certificate that came along and was valid no more at that moment, and until when it was.
   */
  Optional<X509Certificate> expired(List<X509Certificate> authorities, Instant moment) {
    return path(authorities).stream()
        .filter(one -> one.getNotAfter().toInstant().isBefore(moment))
        .findFirst();
  }

  /**
   * Why these authorities do not vouch for the signer at that moment; empty if one does. A
   * certificate that is itself among them is trusted as it is. Revocation is not looked up.
   */
  Optional<String> doubt(List<X509Certificate> authorities, Instant moment) {
    try {
      certificate.checkValidity(Date.from(moment));
      if (authorities.contains(certificate)) {
        return Optional.empty();
      }
      Set<TrustAnchor> anchors = new HashSet<>();
      authorities.forEach(authority -> anchors.add(new TrustAnchor(authority, null)));
      PKIXParameters parameters = new PKIXParameters(anchors);
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(moment));
      CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(path(authorities));
      CertPathValidator.getInstance("PKIX").validate(path, parameters);
      // An authority for TLS vouches for names of hosts, not for whoever signs mail.
      return Usage.problem(certificate);
    } catch (GeneralSecurityException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** From the signer upwards, as far as the certificates that came along lead. */
  private List<X509Certificate> path(List<X509Certificate> authorities) {
    List<X509Certificate> path = new ArrayList<>(List.of(certificate));
    X509Certificate last = certificate;
    while (last != null && path.size() < 10) {
      X509Certificate child = last;
      last =
          others.stream()
              .filter(c -> c.getSubjectX500Principal().equals(child.getIssuerX500Principal()))
              .filter(c -> !path.contains(c) && !authorities.contains(c))
              .findFirst()
              .orElse(null);
      if (last != null) {
        path.add(last);
      }
    }
    return path;
  }
}
