package org.mailjournal.journal;

/**
 * One field of a message's header section.
 *
 * @param name as it was written
 * @param value unfolded, and cut where it is longer than anything that is asked of it
 */
public record HeaderField(String name, String value) {}
