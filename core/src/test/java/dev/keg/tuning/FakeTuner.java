package dev.keg.tuning;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A machine with one disk, whose settings are remembered as by a kernel. */
public final class FakeTuner implements Tuner {
  private final Map<Setting, String> disk = new EnumMap<>(Setting.class);
  private final Map<Path, String> accessTimes = new HashMap<>();

  private int disks = 1;

  /** The changes, in order. */
  public final List<String> calls = new ArrayList<>();

  /** The settings that fail. */
  public final List<Setting> broken = new ArrayList<>();

  /** The other users of the disk. */
  public final List<String> sharers = new ArrayList<>();

  public FakeTuner() {
    disk.put(Setting.SYNC, "async");
    disk.put(Setting.SCHEDULER, "none");
    disk.put(Setting.READAHEAD, "131072");
  }

  /** Replaces the disk by another one with the same name. */
  public void replaceDisk() {
    disks++;
  }

  /** A change by somebody else. */
  public void put(Setting setting, String value) {
    disk.put(setting, value);
  }

  public String value(Setting setting) {
    return disk.getOrDefault(setting, "");
  }

  public String accessTimes(Path mount) {
    return accessTimes.getOrDefault(mount, "relatime");
  }

  @Override
  public Knob knob(Path directory, Setting setting) {
    boolean atime = setting == Setting.ATIME;
    return new FakeKnob(
        this,
        setting,
        directory,
        atime ? accessTimes(directory) : value(setting),
        atime ? List.of() : sharers);
  }

  @Override
  public void share(Path directory, Set<String> words, boolean alone) throws Untunable {
    if (!alone) {
      throw new Untunable("others have it mounted", null);
    }
    calls.add("%s %s".formatted(new TreeSet<>(words), directory.getFileName()));
  }

  private void set(Setting setting, Path directory, String value) throws Untunable {
    if (broken.contains(setting)) {
      throw new Untunable("cannot set " + setting.word() + " of vda: broken", "mend it");
    }
    calls.add(setting.word() + " " + value);
    if (setting == Setting.ATIME) {
      accessTimes.put(directory, value);
    } else {
      disk.put(setting, value);
    }
  }

  private record FakeKnob(
      FakeTuner tuner, Setting setting, Path directory, String value, List<String> sharers)
      implements Knob {
    @Override
    public String place() {
      return setting.isOfMount() ? directory.toString() : "vda";
    }

    @Override
    public String identity() {
      return setting.isOfMount() ? place() : "vda#" + tuner.disks;
    }

    @Override
    public List<String> choices() {
      return switch (setting) {
        case ATIME -> List.of("noatime", "relatime", "strictatime");
        case SCHEDULER -> List.of("none", "mq-deadline", "kyber");
        case SYNC, READAHEAD -> List.of();
      };
    }

    @Override
    public void set(String wanted) throws Untunable {
      tuner.set(setting, directory, wanted);
    }
  }
}
