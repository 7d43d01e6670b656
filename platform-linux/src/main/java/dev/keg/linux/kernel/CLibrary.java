package dev.keg.linux.kernel;

import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import java.util.Map;

/** The C library of this process, for JNA. */
public final class CLibrary {
  private static final String SEARCH_PATH = "jna.platform.library.path";

  private CLibrary() {}

  /** The library, with file names in the same encoding as the JDK's paths. */
  public static NativeLibrary inProcess() {
    searchNowhere();
    return NativeLibrary.getProcess(
        Map.of(Library.OPTION_STRING_ENCODING, System.getProperty("sun.jnu.encoding", "UTF-8")));
  }

  // Otherwise JNA would run ldconfig(8) at each start, although it searches for no library.
  private static void searchNowhere() {
    if (System.getProperty(SEARCH_PATH) == null) {
      System.setProperty(SEARCH_PATH, "");
    }
  }
}
