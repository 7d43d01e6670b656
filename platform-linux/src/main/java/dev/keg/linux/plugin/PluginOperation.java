package dev.keg.linux.plugin;

import dev.keg.driver.plugin.PluginException;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.file.FileFailures;
import dev.keg.volume.Volume;
import java.io.IOException;

/** Work with a plugin on a volume; turns failures into errors that name the volume. */
interface PluginOperation {
  void run() throws IOException;

  static void run(String operation, Volume volume, PluginOperation work) {
    try {
      work.run();
    } catch (IOException e) {
      String hint =
          e instanceof PluginException plugin && plugin.answered()
              ? null
              : "check that the plugin is running; `keg ls --all-plugins` shows what it has";
      String why =
          e instanceof PluginException ? String.valueOf(e.getMessage()) : FileFailures.reason(e);
      DriverFailed failure = new DriverFailed(operation, volume.name().text(), why, hint, e);
      for (Throwable suppressed : e.getSuppressed()) {
        failure.addSuppressed(suppressed);
      }
      throw failure;
    }
  }
}
