package dev.keg.linux.kernel;

import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import java.util.Map;

/** The C library of this process, for JNA. */
public final class CLibrary {
  private static final String SEARCH_PATH = "jna.platform.library.path";

  private CLibrary() {}

  /** File names have the same encoding as in the JDK's paths. */
  public static NativeLibrary inProcess() {
    searchNowhere();
    return NativeLibrary.getProcess(
        Map.of(Library.OPTION_STRING_ENCODING, System.getProperty("sun.jnu.encoding", "UTF-8")));
  }

  // Without a search path, JNA would run ldconfig(8) at each start, although no library is searched
  // for.
  private static void searchNowhere() {
    if (System.getProperty(SEARCH_PATH) == null) {
      System.setProperty(SEARCH_PATH, "");
    }
  }
}
