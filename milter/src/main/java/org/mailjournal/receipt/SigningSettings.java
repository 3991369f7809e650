package org.mailjournal.receipt;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the key is that signs.
 *
 * @param keyFile PKCS#12, with one key and its certificate chain; absent for a key of our own
 * @param passwordFile its first line opens {@code keyFile}; absent for an empty password
 * @param ownKeyFile where the self-signed key lies, and is made when {@code keyFile} is absent
 * @param host the machine's name, for the subject of a certificate of our own
 * @param address the address that receipts come from, for the same
 */
public record SigningSettings(
    Optional<Path> keyFile,
    Optional<Path> passwordFile,
    Path ownKeyFile,
    String host,
    Optional<String> address) {}
