package dev.keg.linux.kernel;

import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import java.util.Map;

/** The C library as JNA knows it: it is in this process already. */
public final class CLibrary {
  private static final String SEARCH_PATH = "jna.platform.library.path";

  private CLibrary() {}

  /** Names are encoded as the JDK encodes those in Paths. */
  public static NativeLibrary inProcess() {
    searchNowhere();
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
}
