package dev.keg.mountspec;

import dev.keg.mountspec.Access.Recursion;
import dev.keg.mountspec.Access.Relabel;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A mount as docker's API has it: words that nobody has checked yet. Every grammar ends here, and
 * {@link MountSpecs#structured} goes on from here. An option part is there when one of its options
 * was given, whatever its value.
 */
public record MountConfig(
    String type,
    String source,
    String target,
    boolean readOnly,
    @Nullable BindPart bind,
    @Nullable VolumePart volume,
    @Nullable TmpfsPart tmpfs,
    @Nullable ImagePart image,
    Extras extras) {

  /** Docker's BindOptions; an empty propagation is none. */
  public record BindPart(String propagation, Recursion recursion, boolean createSource) {}

  /** Docker's VolumeOptions. */
  public record VolumePart(boolean noCopy, String subpath, Creation creation) {}

  /** How a volume is made that does not exist; an empty driver leaves the choice. */
  public record Creation(String driver, Options options, Labels labels, boolean mustExist) {
    public static final Creation DEFAULT = new Creation("", Map.of(), Map.of(), false);

    public Creation(
        String driver, Map<String, String> options, Map<String, String> labels, boolean mustExist) {
      this(driver, Options.of(options), new Labels(new TreeMap<>(labels)), mustExist);
    }

    /** With the labels of the other too; where both have a key, our value. */
    public Creation withLabelsOf(Creation other) {
      return new Creation(driver, options, other.labels.with(labels), mustExist);
    }
  }

  /**
   * Docker's TmpfsOptions; 0 is no size and no mode.
   *
   * @param options each a word, or a word and its value
   */
  public record TmpfsPart(long sizeBytes, int mode, List<List<String>> options) {
    public TmpfsPart {
      options = options.stream().map(List::copyOf).toList();
    }
  }

  /** Docker's ImageOptions. */
  public record ImagePart(String subpath) {}

  /**
   * What docker has no field for.
   *
   * @param restrictions {@code noexec}, {@code exec} and their like, the last one holding
   */
  public record Extras(
      List<String> restrictions,
      @Nullable Relabel relabel,
      @Nullable IdMap idMap,
      MachineMount machine) {
    public static final Extras NONE = new Extras(List.of(), null, null);

    public Extras(List<String> restrictions, @Nullable Relabel relabel, @Nullable IdMap idMap) {
      this(restrictions, relabel, idMap, MachineMount.DEFAULT);
    }

    public Extras {
      restrictions = List.copyOf(restrictions);
    }
  }

  public MountConfig(String type, String source, String target, boolean readOnly) {
    this(type, source, target, readOnly, null, null, null, null, Extras.NONE);
  }

  public MountConfig withSource(String value) {
    return new MountConfig(type, value, target, readOnly, bind, volume, tmpfs, image, extras);
  }

  public MountConfig with(@Nullable BindPart part) {
    return new MountConfig(type, source, target, readOnly, part, volume, tmpfs, image, extras);
  }

  public MountConfig with(@Nullable VolumePart part) {
    return new MountConfig(type, source, target, readOnly, bind, part, tmpfs, image, extras);
  }

  public MountConfig with(@Nullable TmpfsPart part) {
    return new MountConfig(type, source, target, readOnly, bind, volume, part, image, extras);
  }

  public MountConfig with(@Nullable ImagePart part) {
    return new MountConfig(type, source, target, readOnly, bind, volume, tmpfs, part, extras);
  }

  public MountConfig with(Extras value) {
    return new MountConfig(type, source, target, readOnly, bind, volume, tmpfs, image, value);
  }
}
