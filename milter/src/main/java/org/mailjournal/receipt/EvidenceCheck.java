package org.mailjournal.receipt;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.x509.GeneralName;
import org.mailjournal.journal.Bytes;
import org.mailjournal.journal.ContentDigest;

/** Checks evidence and says in words what it shows, and what it does not. */
public final class EvidenceCheck {
  private static final List<String> NOT_SHOWN =
      List.of(
          "that anybody read the message, or that it was kept out of a spam folder: 'relayed' is"
              + " that the named system, or a program of the MTA's machine, took it over,"
              + " 'delivered' that it was put into a mailbox, given to a program or thrown away, as"
              + " the words beside it say",
          "who wrote the message: the sender is what the envelope said",
          "that the times are right: they are those of the attesting machine's own clock, and of"
              + " when it learnt of something, which after a restart can be later",
          "header fields other than those listed in doc/EVIDENCE.md (Received and the like)");

  private static final String VOUCHED =
      "The given authorities vouch for the signer; whether the certificate was revoked was not"
          + " looked up.";

  private static final String SIGNERS_WORD =
      " That it was signed before is the signer's word alone: whoever has the key can have signed it"
          + " since.";

  private final Clock clock;

  public EvidenceCheck(Clock clock) {
    this.clock = clock;
  }

  /**
   * Checks a file.
   *
   * @param file the bundle, or a whole receipt as it was mailed
   * @param message a copy of the message that it should be about
   * @param authorities PEM certificates, one of which must vouch for the signer
   * @throws EvidenceException when a file cannot be read or is none of its kind
   */
  public Verdict check(Path file, Optional<Path> message, Optional<Path> authorities) {
    SignedFile signed = SignedFile.read(file);
    List<X509Certificate> trusted = authorities.map(EvidenceCheck::certificates).orElse(List.of());
    Optional<MessageCopy> copy = message.map(MessageCopy::read);
    List<String> shown = new ArrayList<>();
    Signature signature;
    try {
      signature = Signature.of(signed);
    } catch (Signature.Broken broken) {
      return Verdict.refused(
          List.of(
              "The signature is not good: "
                  + broken.getMessage()
                  + ". What the file says may have been changed, and proves nothing."));
    }
    shown.add("The signature is good: nothing in the signed part was changed.");
    shown.add(signer(signature));
    boolean verified = vouched(signature, authorities.isPresent(), trusted, shown);
    Optional<EvidenceDocument> document = EvidenceDocument.in(signed.content());
    if (document.isEmpty()) {
      shown.add("What is signed has no " + Evidence.FILE_NAME + " of a kind known here.");
      return Verdict.refused(shown);
    }
    shown.add(attested(document.get()));
    if (copy.isPresent()) {
      verified &= compare(copy.get(), document.get(), shown);
    }
    return new Verdict(
        verified,
        authorities.isPresent() && verified,
        shown,
        document.get().outcomes(),
        notShown(document.get(), copy.isPresent()));
  }

  private static String signer(Signature signature) {
    X509Certificate certificate = signature.certificate();
    return "Signed "
        + signature.signedAt().map(at -> "at " + at + " (by the signer's clock) ").orElse("")
        + "with the certificate of "
        + certificate.getSubjectX500Principal().getName()
        + mailboxes(certificate)
        + ", SHA-256 fingerprint "
        + fingerprint(certificate)
        + ".";
  }

  /** RFC 8550 section 3: the mail addresses for which it was given. */
  private static String mailboxes(X509Certificate certificate) {
    try {
      List<String> addresses =
          Optional.ofNullable(certificate.getSubjectAlternativeNames()).stream()
              .flatMap(names -> names.stream())
              .filter(name -> name.get(0).equals(GeneralName.rfc822Name))
              .map(name -> String.valueOf(name.get(1)))
              .toList();
      return addresses.isEmpty() ? "" : " for " + String.join(", ", addresses);
    } catch (CertificateParsingException e) {
      return " for addresses that cannot be read";
    }
  }

  /** As {@code openssl x509 -fingerprint -sha256} has it. */
  static String fingerprint(X509Certificate certificate) {
    try {
      return Bytes.sha256(certificate.getEncoded())
          .toUpperCase(java.util.Locale.ROOT)
          .replaceAll("(..)(?!$)", "$1:");
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean vouched(
      Signature signature, boolean asked, List<X509Certificate> trusted, List<String> shown) {
    if (!asked) {
      shown.add(
          (signature.isSelfSigned()
                  ? "The certificate is self-signed: nobody vouches for who the signer is."
                  : "Who issued the certificate was not checked; --ca names whom to trust.")
              + " Compare the fingerprint with one that the site gave by another way.");
      signature
          .expired(List.of(), clock.instant())
          .map(one -> "The certificate of " + expired(one) + SIGNERS_WORD)
          .ifPresent(shown::add);
      return true;
    }
    Instant now = clock.instant();
    Optional<String> doubt =
        signature
            .doubt(trusted, signature.signedAt().orElse(now))
            .map(why -> "None of the given authorities vouches for the signer: " + why + ".")
            .or(() -> outOfDate(signature, trusted, now));
    shown.add(doubt.orElse(VOUCHED));
    if (doubt.isEmpty() && !trusted.contains(signature.certificate())) {
      shown.add(
          "They vouch for everybody to whom they gave a certificate: look whether the name, or the"
              + " fingerprint, is that of the site.");
    }
    return doubt.isEmpty();
  }

  /** Whoever has the key can set his clock back, so the time in the signature proves nothing. */
  private static Optional<String> outOfDate(
      Signature signature, List<X509Certificate> trusted, Instant now) {
    return signature
        .doubt(trusted, now)
        .map(
            why ->
                signature
                        .expired(trusted, now)
                        .map(
                            one ->
                                "The given authorities vouched for the signer, but the certificate"
                                    + " of "
                                    + expired(one))
                        .orElse(
                            "Now none of the given authorities vouches for the signer: "
                                + why
                                + ".")
                    + SIGNERS_WORD);
  }

  private static String expired(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().getName()
        + " expired at "
        + certificate.getNotAfter().toInstant()
        + ".";
  }

  private static String attested(EvidenceDocument document) {
    return "It attests that "
        + document.text("mta")
        + " took the message "
        + document.text("message_id")
        + " from the envelope sender "
        + sender(document)
        + " at "
        + document.text("received_at")
        + " under the queue id "
        + document.text("queue_id")
        + "; attested by "
        + document.text("program")
        + " on "
        + document.text("host")
        + " at "
        + document.text("made_at")
        + ".";
  }

  private static String sender(EvidenceDocument document) {
    String sender = document.text("sender");
    return sender.isEmpty() ? "<> (a report)" : sender;
  }

  private static boolean compare(MessageCopy copy, EvidenceDocument document, List<String> shown) {
    Optional<ContentDigest> digest = document.digest();
    if (digest.isEmpty()) {
      shown.add(
          "The text cannot be compared: the evidence has no hashes of a kind known here (the"
              + " message did not come in through the milter, or before it made hashes).");
      return false;
    }
    boolean exact = copy.hasBody(digest.get().body());
    boolean body = exact || copy.hasBodyAsFromMbox(digest.get().body());
    Optional<Set<String>> aside = copy.withHeader(digest.get().header());
    if (body && aside.isPresent()) {
      shown.add("The given copy is the message that was accepted: header fields and body match.");
      if (!exact) {
        shown.add(
            "Its lines that begin with '>From ' were read as 'From ', as an mbox writes them: with"
                + " the '>' the body does not match.");
      }
      if (!aside.get().isEmpty()) {
        shown.add(
            "Left aside, because the message came without: "
                + String.join(", ", aside.get())
                + ". This was added later, and is not attested.");
      }
      return true;
    }
    shown.add(
        "The given copy is NOT the message that was accepted: "
            + (body ? "the body matches, the header fields do not" : other(aside))
            + ".");
    return false;
  }

  private static String other(Optional<Set<String>> aside) {
    return aside.isPresent()
        ? "the header fields match, the body does not"
        : "neither header fields nor body match";
  }

  private static List<String> notShown(EvidenceDocument document, boolean compared) {
    List<String> notShown = new ArrayList<>();
    if (!document.leftOut().equals("0")) {
      notShown.add(
          document.leftOut()
              + " more events, for which a receipt has no room: 'journal evidence' has them");
    }
    if (!compared) {
      notShown.add(
          document.digest().isPresent()
              ? "which text it was: --message compares a copy of the message"
              : "which text it was: the evidence has no hashes");
    }
    notShown.addAll(NOT_SHOWN);
    return notShown;
  }

  private static List<X509Certificate> certificates(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      List<X509Certificate> certificates = new ArrayList<>();
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        certificates.add((X509Certificate) one);
      }
      if (certificates.isEmpty()) {
        throw EvidenceException.unreadable(file + " has no certificates", "give PEM certificates");
      }
      return certificates;
    } catch (IOException e) {
      throw EvidenceException.unreadable(
          file + " cannot be read: " + FileWords.of(e), "give PEM certificates", e);
    } catch (CertificateException e) {
      throw EvidenceException.unreadable(
          file + " cannot be read as certificates: " + e.getMessage(), "give PEM certificates", e);
    }
  }
}
