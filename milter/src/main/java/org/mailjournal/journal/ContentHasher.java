package org.mailjournal.journal;

/** skeleton. */
public final class ContentHasher {}
