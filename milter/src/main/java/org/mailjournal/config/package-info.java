/**
 * From the configuration file to an immutable {@link org.mailjournal.config.Config}, every problem
 * at once. Owns all defaults; knows no other room.
 */
package org.mailjournal.config;
