package dev.keg.cli.completion;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The completion script of each shell, which asks Keg for the words and contains none itself. */
public enum CompletionScript {
  BASH("bash"),
  ZSH("zsh"),
  FISH("fish");

  private final String shell;

  CompletionScript(String shell) {
    this.shell = shell;
  }

  public static Optional<CompletionScript> of(String shell) {
    return Arrays.stream(values()).filter(script -> script.shell.equals(shell)).findFirst();
  }

  public String shell() {
    return shell;
  }

  public String text() {
    try (InputStream in = open()) {
      if (in == null) {
        throw new IllegalStateException("this build has no script for " + shell);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // Constant names let the native image find the resources.
  private @Nullable InputStream open() {
    return switch (this) {
      case BASH -> CompletionScript.class.getResourceAsStream("keg.bash");
      case ZSH -> CompletionScript.class.getResourceAsStream("_keg");
      case FISH -> CompletionScript.class.getResourceAsStream("keg.fish");
    };
  }
}
