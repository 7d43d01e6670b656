package dev.keg.linux.plugin;

import dev.keg.driver.plugin.Plugin;
import dev.keg.driver.plugin.PluginException;
import dev.keg.driver.plugin.PluginRecord;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * The holders of a volume. The plugin mounts the volume for each of them under an id, which is
 * noted before the plugin receives it and forgotten after the plugin has confirmed the unmount.
 */
record PluginHolders(Plugin plugin, String name, VolumeHome home) {
  /** Work with the data that the plugin has mounted. */
  interface Use {
    void begin(Path data) throws IOException;
  }

  /**
   * Lets the plugin mount the volume for the holder; after a failure it is not mounted for the
   * holder.
   */
  void begin(String holder, Use use) throws IOException {
    PluginRecord.note(home, holder);
    try {
      use.begin(plugin.mount(name, holder, home.path()));
    } catch (IOException | RuntimeException e) {
      takeBack(holder, e);
      throw e;
    }
  }

  /**
   * Unmounts it after a failure: the plugin may have mounted it although its answer was missing or
   * unusable.
   */
  private void takeBack(String holder, Exception failure) {
    try {
      if (!(failure instanceof PluginException e && e.answered())) {
        plugin.within(Plugin.PATIENCE).unmount(name, holder);
      }
      PluginRecord.forget(home, holder);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /**
   * Tells the plugin that the holder has ended. An error that it returns is reported only once,
   * since a retry would not change it.
   */
  void end(String holder) throws IOException {
    try {
      plugin.unmount(name, holder);
    } catch (PluginException e) {
      if (e.answered()) {
        PluginRecord.forget(home, holder);
      }
      throw e;
    }
    PluginRecord.forget(home, holder);
  }

  void endAll() throws IOException {
    for (String holder : PluginRecord.holders(home)) {
      end(holder);
    }
  }

  /** Ends holders from an earlier boot or a killed command, which the plugin may have forgotten. */
  void endLeftOver(Consumer<String> debug) throws IOException {
    for (String holder : PluginRecord.holders(home)) {
      try {
        end(holder);
      } catch (PluginException e) {
        if (!e.answered()) {
          throw e;
        }
        debug.accept(String.valueOf(e.getMessage()));
      }
    }
  }
}
