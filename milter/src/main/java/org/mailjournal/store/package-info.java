/**
 * The journal in one SQLite file: a writer that commits in groups, readers beside it, and tables
 * that are derived from the events and can be rebuilt. The only room that knows SQL.
 */
package org.mailjournal.store;
