package dev.keg.cli.command;

import dev.keg.cli.option.Converters;
import dev.keg.cli.option.ProtectionOptions;
import dev.keg.cli.option.ResultOptions;
import dev.keg.cli.output.Result;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.lifecycle.VolumeChange;
import dev.keg.volume.Labels;
import dev.keg.volume.Protection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg update}: changes the description of existing volumes. */
@Command(name = "update", customSynopsis = "keg update [OPTIONS] VOLUME [VOLUME...]")
public final class UpdateCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Mixin private ResultOptions results = new ResultOptions();

  @Option(
      names = "--label-add",
      paramLabel = "list",
      converter = Converters.Label.class,
      description = "Add or change a label (key=value)")
  private List<String> add = new ArrayList<>();

  @Option(names = "--label-rm", paramLabel = "list", description = "Remove a label by its key")
  private List<String> remove = new ArrayList<>();

  @Option(
      names = "--description",
      paramLabel = "text",
      description = "Describe the volume in your own words; \"\" removes the description")
  private Optional<String> description = Optional.empty();

  @Mixin private ProtectionOptions protection = new ProtectionOptions();

  @Option(names = "--unprotect", description = "Remove the protection")
  private boolean unprotect;

  @Parameters(arity = "1..*", paramLabel = "VOLUME")
  private List<String> names = new ArrayList<>();

  @Override
  public void run() {
    WrongUse.throwIfAny(conflict());
    Session session = keg.session();
    VolumeChange change =
        new VolumeChange(
            Labels.parse(add),
            remove,
            description,
            unprotect ? Optional.of(Protection.none()) : protection.protection(session));
    PartialFailure.forEach(
        names,
        name -> {
          session.volumes().update(name, change);
          results.print(session, Result.ofVolume(name, "Updated"));
        });
  }

  private Optional<String> conflict() {
    return unprotect && protection.given()
        ? Optional.of("conflicting options: --unprotect, and --protect or --protect-until")
        : protection.conflict();
  }
}
