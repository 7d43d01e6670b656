package dev.keg.linux.rbd;

import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.program.ToolException;
import java.io.IOException;
import java.nio.file.Path;

/** Work with an image as a device. */
interface DeviceWork {
  void on(Path device) throws ErrnoException, ToolException, IOException;
}
