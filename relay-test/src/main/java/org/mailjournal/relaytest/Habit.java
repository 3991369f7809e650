package org.mailjournal.relaytest;

import java.util.List;

/** How a mail system drives a milter, where the protocol leaves it the choice. */
public enum Habit {
  /**
   * Postfix 3.7: the queue id is there only from the first accepted recipient on; every message
   * ends with ABORT, also one that went through; each client gets a connection of its own.
   */
  POSTFIX,
  /**
   * Sendmail 8.17: the queue id comes with MAIL and is not repeated; IPv6 addresses have a prefix;
   * no ABORT behind a message that went through; QUIT_NC lets the next client use the connection.
   */
  SENDMAIL;

  /** The macros that it sends with a command unless the milter asks for others. */
  List<String> macros(char command) {
    return List.of((this == POSTFIX ? postfix(command) : sendmail(command)).split(" ", 0));
  }

  private static String postfix(char command) {
    return switch (command) {
      case 'C' -> "j {daemon_name} {daemon_addr} v _";
      case 'H' -> "{tls_version} {cipher} {cipher_bits} {cert_subject} {cert_issuer}";
      case 'M' -> "i {auth_type} {auth_authen} {auth_author} {mail_addr} {mail_host} {mail_mailer}";
      case 'R' -> "i {rcpt_addr} {rcpt_host} {rcpt_mailer}";
      case 'T', 'N', 'E' -> "i";
      default -> "";
    };
  }

  private static String sendmail(char command) {
    return switch (command) {
      case 'C' -> "j _ {daemon_name} {if_name} {if_addr}";
      case 'H' -> "{tls_version} {cipher} {cipher_bits} {cert_subject} {cert_issuer}";
      case 'M' ->
          "i {auth_type} {auth_authen} {auth_ssf} {auth_author}"
              + " {mail_mailer} {mail_host} {mail_addr}";
      case 'R' -> "{rcpt_mailer} {rcpt_host} {rcpt_addr}";
      case 'E' -> "{msg_id} {nrcpts} {msg_size}";
      default -> "";
    };
  }
}
