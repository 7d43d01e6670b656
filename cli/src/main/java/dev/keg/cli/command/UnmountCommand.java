package dev.keg.cli.command;

import dev.keg.cli.option.ResultOptions;
import dev.keg.cli.option.backup.EarlierVolume;
import dev.keg.cli.output.Result;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.volumeset.ContainerId;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg unmount}: targets, a volume's mounts made by hand, or all of a container. */
@Command(name = "unmount", customSynopsis = "keg unmount [OPTIONS] [TARGET|VOLUME...]")
public final class UnmountCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Mixin private ResultOptions results = new ResultOptions();

  @Option(
      names = "--container",
      paramLabel = "id",
      description = "Unmount everything that is mounted for this container")
  private Optional<String> container = Optional.empty();

  @Option(
      names = {"-l", "--lazy"},
      description = "Detach now, and unmount when no longer in use")
  private boolean lazy;

  @Option(names = "--force", description = "Close the files that programs have open in the volume")
  private boolean force;

  @Parameters(arity = "0..*", paramLabel = "VOLUME")
  private List<String> names = new ArrayList<>();

  @Override
  public void run() {
    WrongUse.throwIf(
        container.isPresent() != names.isEmpty(),
        "either --container or a TARGET or VOLUME is required");
    WrongUse.throwIf(
        force && (lazy || container.isPresent()),
        "conflicting options: --force and " + (lazy ? "--lazy" : "--container"));
    Session session = keg.session();
    container.ifPresent(
        id -> {
          ContainerId owner = new ContainerId(id);
          if (session.volumeSets().knows(owner)) {
            session.volumeSets().tearDown(owner, lazy);
          } else {
            session.engineAccess().release(owner);
          }
          results.print(session, Result.naming("Container", id).with("Unmounted", true));
        });
    PartialFailure.forEach(
        names,
        name -> {
          String kind = unmount(session, name);
          results.print(session, Result.naming(kind, name).with("Unmounted", true));
        });
  }

  // An invalid volume name is a path, and so is a name without a volume, as in `mount`.
  private String unmount(Session session, String name) {
    if (force) {
      session.dataAccess().concealByForce(name);
      return "Volume";
    }
    Optional<EarlierVolume> earlier =
        EarlierVolume.of(session, "unmount", name)
            .filter(at -> at.existing().isPresent() && !isThere(session, name));
    if (earlier.isPresent()) {
      EarlierVolume at = earlier.get();
      at.shown().ifPresent(shown -> session.dataAccess().conceal(at.volume(), shown, lazy));
      return "Volume";
    }
    boolean isVolume = session.volumes().nameOf(name).isPresent();
    boolean isTarget = isVolume && !session.volumes().exists(name) && isThere(session, name);
    if (isVolume && !isTarget) {
      session.dataAccess().conceal(name, lazy);
      return "Volume";
    }
    session.volumeSets().unmount(session.grammars().mountSpecs().absolute(name), lazy);
    return "Target";
  }

  private static boolean isThere(Session session, String name) {
    return Files.exists(session.files().getPath(name));
  }
}
