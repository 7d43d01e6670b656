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
 * A mount in the form of docker's API, not yet checked. Every syntax is parsed into this form, and
 * {@link MountSpecs#structured} checks it. A part is present if at least one of its options was
 * given.
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

  /** Docker's BindOptions; an empty propagation means none. */
  public record BindPart(String propagation, Recursion recursion, boolean createSource) {}

  /** Docker's VolumeOptions. */
  public record VolumePart(boolean noCopy, String subpath, Creation creation) {}

  /** How to create a missing volume; an empty driver is the default. */
  public record Creation(String driver, Options options, Labels labels, boolean mustExist) {
    public static final Creation DEFAULT = new Creation("", Map.of(), Map.of(), false);

    /** A missing volume is an error. */
    public static final Creation NEVER = new Creation("", Map.of(), Map.of(), true);

    public Creation(
        String driver, Map<String, String> options, Map<String, String> labels, boolean mustExist) {
      this(driver, Options.of(options), new Labels(new TreeMap<>(labels)), mustExist);
    }

    /** Adds the labels of the other one; if both have a key, this one's value wins. */
    public Creation withLabelsOf(Creation other) {
      return new Creation(driver, options, other.labels.with(labels), mustExist);
    }
  }

  /**
   * Docker's TmpfsOptions; 0 means no size or no mode.
   *
   * @param options each is a word, or a word and its value
   */
  public record TmpfsPart(long sizeBytes, int mode, List<List<String>> options) {
    public TmpfsPart {
      options = options.stream().map(List::copyOf).toList();
    }
  }

  /** Docker's ImageOptions. */
  public record ImagePart(String subpath) {}

  /**
   * Options that docker has no field for.
   *
   * @param restrictions such as {@code noexec} and {@code exec}; the last one wins
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
