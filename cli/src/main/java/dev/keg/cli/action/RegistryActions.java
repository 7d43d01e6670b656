package dev.keg.cli.action;

import dev.keg.backup.replica.RegistryStores;
import dev.keg.cli.option.ResultOptions;
import dev.keg.cli.output.Result;
import dev.keg.cli.output.report.Progress;
import dev.keg.cli.session.CommandFailure;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.error.RegistryException.RegistriesDiffer;
import dev.keg.registry.VolumeRegistry;
import dev.keg.registry.shared.Departure;
import dev.keg.registry.shared.RegistryCopy;
import dev.keg.registry.shared.RegistryCopy.Difference;
import dev.keg.registry.shared.SharedRegistry;
import dev.keg.registry.shared.TakeOver;
import java.nio.file.Path;
import java.util.List;

/** The actions of {@code keg registry}. */
public record RegistryActions(Session session, ResultOptions results) {
  /** The shared registry of the command. */
  public static SharedRegistry shared(Session session) {
    return session
        .sharedRegistry()
        .orElseThrow(() -> new WrongUse("--root is not an s3:// or etcd:// address"));
  }

  public void init() {
    SharedRegistry registry = shared(session);
    boolean made = registry.init();
    session.registry().openForWriting();
    String host = registry.membership().host();
    results.print(
        session,
        Result.naming("Registry", registry.address()).with("Host", host).with("Made", made));
  }

  /** Copies a registry, or moves the volumes of a directory into a registry or out of one. */
  public void copy(String from, String to) {
    boolean shared = RegistryStores.isAddress(from);
    if (!RegistryStores.isAddress(to)) {
      WrongUse.throwIf(!shared, "copy requires an s3:// or etcd:// address to copy from or to");
      leave(from, to);
    } else if (shared) {
      RegistryCopy.Result copied =
          Progress.during(session, "registry copy", () -> between(from, to).copy());
      print(from, to, copied.copied());
      report(copied.differences());
    } else {
      print(from, to, takeOver(directory(from), to));
    }
  }

  private Path directory(String text) {
    return session.files().getPath(text).toAbsolutePath().normalize();
  }

  private void print(String from, String to, int records) {
    results.print(
        session,
        Result.of("%s: %d records copied".formatted(to, records))
            .with("From", from)
            .with("To", to)
            .with("Records", records));
  }

  private int takeOver(Path root, String to) {
    VolumeRegistry own = session.repositoryAccess().registry(root);
    if (!own.openForReading()) {
      throw new CommandFailure("Error: registry copy: there is no registry in " + root, 1);
    }
    SharedRegistry registry = session.repositoryAccess().sharedRegistry(to, root);
    TakeOver takeOver =
        new TakeOver(
            registry,
            volume ->
                session
                    .drivers()
                    .open(volume.driver(), "registry copy", volume.name().text())
                    .isOnServer(volume));
    int volumes = Progress.during(session, "registry copy", () -> takeOver.of(own));
    session.warn(
        "%s is this host's part of the registry now: use it with --root %s --data %s"
            .formatted(root, to, root));
    return volumes;
  }

  private void leave(String from, String to) {
    Path root = directory(to);
    SharedRegistry registry = session.repositoryAccess().sharedRegistry(from, root);
    Departure departure =
        new Departure(registry, session.repositoryAccess().registry(root, registry));
    RegistryCopy.Result left = Progress.during(session, "registry copy", departure::run);
    report(left.differences());
    print(from, to, left.copied());
    session.warn("%s is a registry of its own now: use it with --root %s".formatted(root, root));
  }

  /** Compares the registry with the files of this host. */
  public void check() {
    SharedRegistry registry = shared(session);
    session.registry().openForWriting();
    report(registry.address(), registry.check().differences());
  }

  /** Compares two registries. */
  public void check(String from, String to) {
    report(to, between(from, to).compare());
  }

  private void report(String address, List<Difference> differences) {
    if (differences.isEmpty()) {
      results.print(session, Result.of(address + ": ok").with("Registry", address));
    }
    report(differences);
  }

  private void report(List<Difference> differences) {
    for (Difference found : differences) {
      results.print(
          session,
          Result.of(found.name() + ": " + found.problem())
              .with("Name", found.name())
              .with("Problem", found.problem()));
    }
    if (!differences.isEmpty()) {
      throw new RegistriesDiffer();
    }
  }

  private RegistryCopy between(String from, String to) {
    return new RegistryCopy(registry(from), registry(to));
  }

  // Neither is joined, so this host's directory does not matter.
  private SharedRegistry registry(String address) {
    WrongUse.throwIf(
        !RegistryStores.isAddress(address),
        "'%s' is not an s3:// or etcd:// address".formatted(address));
    return session.repositoryAccess().sharedRegistry(address, session.files().getPath("."));
  }
}
