package dev.keg.linux.kernel;

import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The C library as JNA knows it: it is in this process already. */
final class CLibrary {
  private static final String SEARCH_PATH = "jna.platform.library.path";
  private static final String OWN_LIBRARY_PATH = "jna.boot.library.path";

  private CLibrary() {}

  /** Names are encoded as the JDK encodes those in Paths. */
  static NativeLibrary inProcess() {
    searchNowhere();
    findOwnLibrary();
    return NativeLibrary.getProcess(
        Map.of(Library.OPTION_STRING_ENCODING, System.getProperty("sun.jnu.encoding", "UTF-8")));
  }

  // Without a search path JNA starts ldconfig(8) to make one, each time that Keg runs, though no
  // library is ever searched for.
  private static void searchNowhere() {
    if (System.getProperty(SEARCH_PATH) == null) {
      System.setProperty(SEARCH_PATH, "");
    }
  }

  // The native binary carries JNA's library and would write it to a file each time that it runs,
  // unless it lies beside, in lib.
  private static void findOwnLibrary() {
    if (System.getProperty("org.graalvm.nativeimage.imagecode") == null) {
      return; // The launcher says where it is.
    }
    try {
      Path lib = Path.of("/proc/self/exe").toRealPath().resolveSibling("lib");
      if (Files.exists(lib.resolve(System.mapLibraryName("jnidispatch")))) {
        System.setProperty(OWN_LIBRARY_PATH, lib.toString());
      }
    } catch (IOException _) {
      return; // Without /proc it is written to a file.
    }
  }
}
