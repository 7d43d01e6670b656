package dev.keg.cli.session;

import dev.keg.attachment.MountTable;
import dev.keg.attachment.NoMounts;
import dev.keg.driver.DriverContext;
import dev.keg.error.HolderException.MountFailed;
import dev.keg.volumeset.Publisher;
import java.io.Console;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** What the operating system knows of mounts and does about them; tests bring their own. */
public interface HostSystem {
  MountTable mountTable();

  /** What mounts; a failure says why nothing can be mounted here. */
  Publisher publisher(DriverContext context);

  /** What somebody types at the terminal without its being seen; nothing without a terminal. */
  default Optional<char[]> askSecretly(String prompt) {
    return Optional.empty();
  }

  static HostSystem ofProcess() {
    return new HostSystem() {
      @Override
      public MountTable mountTable() {
        for (MountTable table : ServiceLoader.load(MountTable.class)) {
          if (table.isOfThisSystem()) {
            return table;
          }
        }
        return new NoMounts();
      }

      @Override
      public Publisher publisher(DriverContext context) {
        List<Publisher.Factory> factories =
            ServiceLoader.load(Publisher.Factory.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        return factories.stream()
            .filter(factory -> factory.unavailable().isEmpty())
            .findFirst()
            .map(factory -> factory.open(context))
            .orElseThrow(() -> new MountFailed("mount", "on this system", why(factories), null));
      }

      @Override
      public Optional<char[]> askSecretly(String prompt) {
        return Optional.ofNullable(System.console())
            .filter(Console::isTerminal)
            .map(console -> console.readPassword("%s", prompt));
      }
    };
  }

  private static String why(List<Publisher.Factory> factories) {
    return factories.stream()
        .flatMap(factory -> factory.unavailable().stream())
        .findFirst()
        .orElse("there is nothing that mounts");
  }
}
