package org.mailjournal.receipt;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Evidence as a file of its own: a signed message that any S/MIME program can check. */
public final class EvidenceBundle {
  private static final String BOUNDARY = "=_evidence_of_mail_journal";
  private static final String TEXT =
      String.join(
          "\r\n",
          "This is evidence of what became of a mail message, signed by the site that",
          "handled it. The attached evidence.json has the message's events with their",
          "times and the verbatim words of the mail systems, and hashes of its text.",
          "",
          "It can be checked with any S/MIME program, or with",
          "  journal evidence --verify THIS_FILE [--message COPY_OF_THE_MESSAGE]",
          "which also says what it does not show.",
          "");

  private EvidenceBundle() {}

  /** The signed bundle around the text of {@code evidence.json}. */
  public static byte[] of(String json, Signer signer) {
    ByteArrayOutputStream mail = new ByteArrayOutputStream();
    mail.writeBytes("MIME-Version: 1.0\r\n".getBytes(StandardCharsets.US_ASCII));
    mail.writeBytes(signer.sign(entity(json)));
    return mail.toByteArray();
  }

  private static byte[] entity(String json) {
    String file =
        Base64.getMimeEncoder(76, new byte[] {'\r', '\n'})
            .encodeToString(json.getBytes(StandardCharsets.UTF_8));
    String entity =
        String.join(
            "\r\n",
            "Content-Type: multipart/mixed; boundary=\"" + BOUNDARY + "\"",
            "",
            "--" + BOUNDARY,
            "Content-Type: text/plain; charset=us-ascii",
            "",
            TEXT,
            "--" + BOUNDARY,
            "Content-Type: application/json; name=\"" + Evidence.FILE_NAME + "\"",
            "Content-Disposition: attachment; filename=\"" + Evidence.FILE_NAME + "\"",
            "Content-Transfer-Encoding: base64",
            "",
            file,
            "--" + BOUNDARY + "--",
            "");
    return entity.getBytes(StandardCharsets.US_ASCII);
  }
}
