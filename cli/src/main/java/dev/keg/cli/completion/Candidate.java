package dev.keg.cli.completion;

/**
 * A possible word at the cursor.
 *
 * @param open whether the word continues, so that no space may follow it: {@code driver=}
 */
record Candidate(String word, String description, boolean open) {
  static Candidate of(String word) {
    return new Candidate(word, "", false);
  }

  static Candidate of(String word, String description) {
    return new Candidate(word, description, false);
  }

  static Candidate open(String word) {
    return new Candidate(word, "", true);
  }
}
