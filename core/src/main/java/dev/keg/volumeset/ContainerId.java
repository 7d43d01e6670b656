package dev.keg.volumeset;

import dev.keg.error.InvalidInput.InvalidSpec;

/** The name under which a container's mounts are recorded, with docker's rule for names and ids. */
public record ContainerId(String text) {
  // It is used as a file name with an extension.
  private static final int LONGEST = 240;

  public ContainerId {
    if (!text.matches("[a-zA-Z0-9][a-zA-Z0-9_.-]*") || text.length() > LONGEST) {
      throw new InvalidSpec(
          "Invalid container name (" + text + "), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
