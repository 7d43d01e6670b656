package dev.keg.cli.session;

import dev.keg.platform.Platforms;
import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The operating system and the terminal of a command; tests provide their own. */
public interface HostSystem {
  Platforms platforms();

  /** Asks at the terminal without an echo; empty without a terminal. */
  default Optional<char[]> askSecretly(String prompt) {
    return Optional.empty();
  }

  /** Shows a secret at the terminal; returns false without a terminal. */
  default boolean showSecret(String what, char[] secret) {
    return false;
  }

  /** The arguments of the parent process. */
  default List<String> callersArguments() {
    return List.of();
  }

  /** Waits before a retry of a store's request. */
  default void pause(Duration time) throws InterruptedException {
    Thread.sleep(time);
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
      public List<String> callersArguments() {
        return ProcessHandle.current()
            .parent()
            .flatMap(caller -> caller.info().arguments())
            .map(List::of)
            .orElse(List.of());
      }

      @Override
      public Optional<char[]> askSecretly(String prompt) {
        return terminal().map(console -> console.readPassword("%s", prompt));
      }

      @Override
      public boolean showSecret(String what, char[] secret) {
        Optional<PrintWriter> terminal = terminal().map(Console::writer);
        if (terminal.isPresent()) {
          terminal.get().print(what);
          terminal.get().println(secret);
          terminal.get().flush();
        }
        return terminal.isPresent();
      }

      private Optional<Console> terminal() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal);
      }
    };
  }
}
