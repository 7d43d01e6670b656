package dev.keg.linux.device;

import dev.keg.file.FileFailures;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.tuning.Knob;
import dev.keg.tuning.Setting;
import dev.keg.tuning.Untunable;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A setting of the kernel. It counts as set once the kernel reports the new value. */
record KernelKnob(
    Setting setting,
    String place,
    String identity,
    String value,
    List<String> choices,
    List<String> sharers,
    Access access)
    implements Knob {
  private static final String AS_ROOT = "run it as root of the host, such as with sudo";
  private static final String ON_HOST = "/sys is read-only in a container; run `keg tune` outside";

  /** Reads and writes the value. */
  interface Access {
    String read() throws IOException;

    void write(String value) throws IOException, ErrnoException;

    /** {@link Knob#identity} of the setting at this place. */
    default String identity(String place) throws IOException {
      return place;
    }
  }

  static KernelKnob of(
      Setting setting, String place, List<String> choices, List<String> sharers, Access access)
      throws Untunable {
    try {
      return new KernelKnob(
          setting, place, access.identity(place), access.read(), choices, sharers, access);
    } catch (IOException e) {
      throw failed("read", setting, place, e);
    }
  }

  @Override
  public void set(String wanted) throws Untunable {
    try {
      access.write(wanted);
      String found = access.read();
      if (!found.equals(wanted)) {
        access.write(value);
        throw new Untunable(
            "%s has %s %s instead of %s"
                .formatted(place, setting.word(), setting.shown(found), setting.shown(wanted)),
            "choose a value that the kernel supports: " + setting.shown(found));
      }
    } catch (ErrnoException e) {
      throw new Untunable(
          "cannot set %s of %s: %s".formatted(setting.word(), place, e.reason()),
          e.remedy().orElse(null),
          e);
    } catch (IOException e) {
      throw failed("set", setting, place, e);
    }
  }

  private static Untunable failed(String verb, Setting setting, String place, IOException e) {
    String reason = FileFailures.reason(e);
    @Nullable String hint =
        switch (reason.toLowerCase(Locale.ROOT)) {
          case "permission denied", "operation not permitted" -> AS_ROOT;
          case "read-only file system" -> ON_HOST;
          default -> null;
        };
    return new Untunable(
        "cannot %s %s of %s: %s".formatted(verb, setting.word(), place, reason), hint, e);
  }
}
