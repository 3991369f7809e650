/**
 * The events, their value types, the {@link org.mailjournal.journal.Journal} interface, and the
 * reduction from events to a message's present state. No SQL, no sockets; every other room looks
 * here and this one looks nowhere.
 */
package org.mailjournal.journal;
