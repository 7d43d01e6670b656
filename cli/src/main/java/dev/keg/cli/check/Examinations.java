package dev.keg.cli.check;

import dev.keg.cli.session.Interruption;
import dev.keg.cli.session.ProgressStyle;
import dev.keg.cli.session.Session;
import dev.keg.error.VolumeException;
import dev.keg.health.Finding;
import dev.keg.health.StorageCheck;
import dev.keg.volume.VolumeName;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Reports which volumes {@code keg check --deep} examines, and which it does not. */
public final class Examinations implements StorageCheck.Listener {
  private static final String ERASE = "\r\033[K";

  private final Session session;
  private final boolean watched;
  private final List<VolumeException> failures = new ArrayList<>();

  public Examinations(Session session) {
    this.session = session;
    this.watched = session.terminal().isWatched() && session.progress() == ProgressStyle.AUTO;
  }

  /** Does the work; Ctrl-C ends the running program. */
  public List<Finding> during(Supplier<List<Finding>> work) {
    List<Finding> found = new ArrayList<>();
    try {
      Interruption.run(() -> found.addAll(work.get()));
    } finally {
      show("");
    }
    return found;
  }

  @Override
  public void examining(VolumeName volume) {
    show("check " + volume);
  }

  private void show(String line) {
    if (watched) {
      session.streams().err().print(ERASE + line);
      session.streams().err().flush();
    }
  }

  @Override
  public void skipped(VolumeName volume, String why) {
    show("");
    session.warn("%s is not examined: %s".formatted(volume, why));
  }

  @Override
  public void failed(VolumeException why) {
    failures.add(why);
  }

  public List<VolumeException> failures() {
    return List.copyOf(failures);
  }
}
