package org.mailjournal.journal;

/**
 * What a rebuild went through.
 *
 * @param events how many there are
 * @param unreadable how many of them are damaged, or belong to a message whose first event is; they
 *     are left out
 */
public record Rebuilt(long events, long unreadable) {}
