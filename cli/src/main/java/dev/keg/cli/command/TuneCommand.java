package dev.keg.cli.command;

import dev.keg.cli.option.RowOptions;
import dev.keg.cli.option.TuningOptions;
import dev.keg.cli.output.table.Format;
import dev.keg.cli.session.Interruption;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.cli.usage.TunedColumns;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.tuning.Setting;
import dev.keg.tuning.Tuned;
import dev.keg.tuning.Tuning;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.View;
import java.io.PrintStream;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg tune}. */
@Command(name = "tune", customSynopsis = "keg tune [OPTIONS] VOLUME")
public final class TuneCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Mixin private RowOptions rows = new RowOptions(_ -> TunedColumns.present());
  @Mixin private TuningOptions tuning = new TuningOptions();

  @Option(
      names = "--reset",
      description = "Restore the settings from before the first change, and keep none")
  private boolean reset;

  @Option(names = "--dry-run", description = "Show what would change, and change nothing")
  private boolean dryRun;

  @Parameters(index = "0", paramLabel = "VOLUME")
  private String volume;

  @Override
  public void run() {
    Format format = rows.format();
    Tuning wanted = tuning.tuning();
    WrongUse.throwIfAny(tuning.conflict());
    WrongUse.throwIf(reset && !wanted.isEmpty(), "conflicting options: --reset, and a setting");
    WrongUse.throwIf(
        dryRun && !reset && wanted.isEmpty(), "--dry-run requires --reset or a setting");
    Session session = keg.session();
    PrintStream out = session.streams().out();
    if (!reset && wanted.isEmpty()) {
      TunedColumns.print(out, format, TunedColumns.present(), look(session));
      return;
    }
    Interruption.run(
        () -> {
          List<Tuned> tuned = change(session, wanted);
          TunedColumns.print(out, format, TunedColumns.changed(), tuned);
          TunedColumns.warnings(tuned).forEach(session::warn);
        });
  }

  private List<Tuned> look(Session session) {
    VolumeName name =
        session.volumes().nameOf(volume).orElseThrow(() -> NotFound.ofVolume("tune", volume));
    return session
        .tunings()
        .look(session.registry().get("tune", name), session.volumes().visible(name));
  }

  private List<Tuned> change(Session session, Tuning wanted) {
    VolumeName name = session.registry().openFor("tune", volume);
    if (reset) {
      return session.tunings().reset(name, () -> session.volumes().visible(name), dryRun);
    }
    try (View view = session.views().openForWriting("tune", name)) {
      List<Tuned> tuned = session.tunings().change(name, view.data(), wanted, dryRun);
      if (wanted.value(Setting.ATIME).isPresent()) {
        session.tunings().mountsOf(name, view.data()).stream()
            .map("%s keeps its previous atime setting until it is mounted again"::formatted)
            .forEach(session::warn);
      }
      return tuned;
    }
  }
}
