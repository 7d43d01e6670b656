package dev.keg.linux.gluster;

import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.linux.program.Tools;
import dev.keg.volume.Size;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Administers a volume of the cluster through the command-line program on this host. */
record GlusterCluster(Tools tools, String volume) {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final String NO_QUOTA = "Quota is disabled";
  private static final String NOT_THIN = "thin provisioned";
  private static final String GONE = "does not exist";

  void limit(Path directory, Size size) throws ToolException {
    List<String> words =
        List.of("volume", "quota", volume, "limit-usage", directory.toString(), bytes(size));
    try {
      run(words);
    } catch (ToolException e) {
      if (!e.output().contains(NO_QUOTA)) {
        throw e;
      }
      run(List.of("volume", "quota", volume, "enable"));
      run(words);
    }
  }

  private static String bytes(Size size) {
    return Long.toString(size.bytes());
  }

  /** Takes a snapshot of the whole volume; false if its bricks do not support that. */
  boolean keep(String snapshot) throws ToolException {
    try {
      run(List.of("snapshot", "create", snapshot, volume, "no-timestamp"));
    } catch (ToolException e) {
      if (e.output().contains(NOT_THIN)) {
        return false;
      }
      throw e;
    }
    run(List.of("snapshot", "activate", snapshot));
    return true;
  }

  /** A missing snapshot is not an error. */
  void discard(String snapshot) throws ToolException {
    try {
      run(List.of("snapshot", "delete", snapshot));
    } catch (ToolException e) {
      if (!e.output().contains(GONE)) {
        throw e;
      }
    }
  }

  private void run(List<String> words) throws ToolException {
    List<String> all = new ArrayList<>(List.of("--mode=script"));
    all.addAll(words);
    try {
      var _ = tools.run(Tool.of("gluster", all).withLimit(LIMIT));
    } catch (ToolException e) {
      throw e.output().startsWith("Connection failed")
          ? e.withHint("the cluster accepts this only from its own servers; run it on one of them")
          : e;
    }
  }
}
