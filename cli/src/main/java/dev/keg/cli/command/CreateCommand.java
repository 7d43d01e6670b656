package dev.keg.cli.command;

import dev.keg.cli.action.CreateRun;
import dev.keg.cli.action.CreateRun.Differing;
import dev.keg.cli.option.ComposeOptions;
import dev.keg.cli.option.NewDiskOption;
import dev.keg.cli.option.QuietOption;
import dev.keg.cli.option.ResultOptions;
import dev.keg.cli.option.VolumeOptions;
import dev.keg.cli.option.backup.FillOption;
import dev.keg.cli.session.CommandFailure;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.lifecycle.VolumeRequest;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg create}. */
@Command(name = "create", customSynopsis = "keg create [OPTIONS] [VOLUME]")
public final class CreateCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Mixin private VolumeOptions options = new VolumeOptions();
  @Mixin private NewDiskOption disk = new NewDiskOption();
  @Mixin private ComposeOptions compose = new ComposeOptions();
  @Mixin private FillOption fill = new FillOption();
  @Mixin private ResultOptions results = new ResultOptions();
  @Mixin private QuietOption quiet = new QuietOption();

  @Option(names = "--name", paramLabel = "string", hidden = true)
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--host",
      paramLabel = "host",
      description = "Host of the volume; on another host, the volume must already exist")
  private Optional<String> host = Optional.empty();

  @Option(names = "--ignore", description = "Do not warn if the volume exists and differs")
  private boolean ignore;

  @Option(names = "--strict", description = "Fail if the volume exists and differs")
  private boolean strict;

  @Option(names = "--dry-run", description = "With --compose, show what would be created")
  private boolean dryRun;

  @Parameters(arity = "0..1", paramLabel = "VOLUME")
  private Optional<String> volume = Optional.empty();

  @Override
  public void run() {
    if (volume.isPresent() && name.isPresent()) {
      throw new CommandFailure(
          "conflicting options: cannot specify a volume-name through both --name and as a"
              + " positional arg",
          1);
    }
    Optional<String> named = volume.or(() -> name);
    WrongUse.throwIfAny(options.conflict());
    WrongUse.throwIfAny(
        compose.conflict(named.isPresent() || options.given() || disk.given() || fill.given()));
    WrongUse.throwIf(dryRun && !compose.given(), "--dry-run requires --compose");
    WrongUse.throwIf(
        fill.given() && (ignore || strict || disk.given() || options.hasOwnership()),
        "conflicting options: --from, and --ignore, --strict, --attach, --uid, --gid or --mode");
    WrongUse.throwIf(
        host.isPresent() && (compose.given() || fill.given() || disk.given()),
        "conflicting options: --host, and --compose, --from or --attach");
    Session session = keg.session(quiet.given());
    CreateRun run =
        new CreateRun(
            session, strict ? Differing.FAIL : ignore ? Differing.IGNORE : Differing.WARN, results);
    if (compose.given()) {
      run.createAll(compose.volumes(session), dryRun);
    } else if (fill.given()) {
      run.fill(options.request(session, named.orElse("")), fill);
    } else {
      VolumeRequest request = options.request(session, named.orElse(""));
      run.create(
          request,
          () ->
              host.map(name -> session.volumes().create(request, name))
                  .orElseGet(() -> disk.create(session, request)));
    }
  }
}
