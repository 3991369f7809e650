package org.mailjournal;

/** The program's way in, and the only place that wires the rooms. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(2);
  }
}
