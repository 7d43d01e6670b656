package dev.keg.cli.session;

import dev.keg.platform.Platforms;
import java.io.Console;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The operating system and the terminal that a command runs on; tests bring their own. */
public interface HostSystem {
  Platforms platforms();

  /** Asks at the terminal without an echo; empty without a terminal. */
  default Optional<char[]> askSecretly(String prompt) {
    return Optional.empty();
  }

  static HostSystem ofProcess() {
    return new HostSystem() {
      private @Nullable Platforms platforms;

      @Override
      public Platforms platforms() {
        if (platforms == null) {
          platforms = Platforms.on(System.getProperty("os.name", ""));
        }
        return platforms;
      }

      @Override
      public Optional<char[]> askSecretly(String prompt) {
        return Optional.ofNullable(System.console())
            .filter(Console::isTerminal)
            .map(console -> console.readPassword("%s", prompt));
      }
    };
  }
}
