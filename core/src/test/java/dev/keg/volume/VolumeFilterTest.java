package dev.keg.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.error.InvalidInput.InvalidFilter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VolumeFilterTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private static final List<Sample> SAMPLES =
      List.of(
          sample("plain", "local", "", "", VolumeStatus.AVAILABLE, 1),
          sample("vol-1", "local", "", "a", VolumeStatus.IN_USE, 2),
          sample("vol-10", "local", "size=1g", "a,b=x", VolumeStatus.AVAILABLE, 3),
          sample("disk", "image", "size=2g,fs=ext4", "b=y=z", VolumeStatus.ATTACHED, 4),
          sample("anon", "local", "", Labels.ANONYMOUS, VolumeStatus.AVAILABLE, 5));

  private record Sample(Volume volume, VolumeStatus status) implements VolumeFilter.Facts {
    @Override
    public boolean isHeld() {
      return status != VolumeStatus.AVAILABLE;
    }

    @Override
    public Set<String> holderNames() {
      return isHeld() ? Set.of("holder-of-" + volume.name()) : Set.of();
    }

    @Override
    public Set<String> types() {
      return volume.driver().equals("image") ? Set.of("ext4", "qcow2") : Set.of("directory", "");
    }

    @Override
    public Path path() {
      return Path.of("/root/volumes").resolve(volume.name().text()).resolve("_data");
    }

    @Override
    public String pool() {
      return "default";
    }
  }

  private static Sample sample(
      String name, String driver, String options, String labels, VolumeStatus status, int hour) {
    Volume volume =
        new Volume(
            new VolumeName(name),
            driver,
            Options.of(pairs(options)),
            new Labels(new TreeMap<>(pairs(labels))),
            Instant.parse("2026-11-20T%02d:00:00Z".formatted(hour)));
    return new Sample(volume.withDetails(details(volume, hour)), status);
  }

  private static VolumeDetails details(Volume volume, int hour) {
    return new VolumeDetails(
        VolumeId.parse("0000000%d-1111-4222-8333-444444444444".formatted(hour)),
        "The data of " + volume.name(),
        volume.created(),
        new Host("id-of-host-" + hour % 2, "host" + hour % 2),
        hour == 1
            ? Protection.always()
            : hour == 2 ? new Protection.Until(NOW.plusSeconds(1)) : new Protection.Until(NOW));
  }

  private static Map<String, String> pairs(String text) {
    return text.isEmpty() ? Map.of() : Labels.parse(List.of(text.split(","))).map();
  }

  private static VolumeFilter.Context context() {
    return new VolumeFilter.Context(
        Clock.fixed(NOW, ZoneOffset.UTC),
        name ->
            SAMPLES.stream()
                .map(Sample::volume)
                .filter(v -> v.name().text().equals(name))
                .map(Volume::created)
                .findFirst());
  }

  private static FilterArguments arguments(String filters) {
    return FilterArguments.parse(filters.isEmpty() ? List.of() : List.of(filters.split(" ")));
  }

  private static String matching(VolumeFilter filter) {
    return String.join(
        " ", SAMPLES.stream().filter(filter::matches).map(s -> s.volume().name().text()).toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          name=vol-1           | vol-1 vol-10
          name=^vol-1$         | vol-1
          name=ol-1            | vol-1 vol-10
          name=plain name=anon | plain anon
          name=vo*l             | vol-1 vol-10
          name=[               |
          name=^[[:digit:]]+$  |
          name=^[[:alpha:]]+$  | plain disk anon
          name=(?=plain)       |
          name=^(([a-z])+.)+$  | plain disk anon
          name=[ name=plain    | plain
          driver=local         | plain vol-1 vol-10 anon
          driver=loca          |
          driver=              |
          driver=image driver=local | plain vol-1 vol-10 disk anon
          label=a              | vol-1 vol-10
          label=a label=b      | vol-10
          label=b=x            | vol-10
          label=b=y=z          | disk
          label=b=             |
          label=a=             | vol-1 vol-10
          label!=a             | plain disk anon
          label!=a label!=b    | plain anon
          dangling=true        | plain vol-10 anon
          dangling=1           | plain vol-10 anon
          dangling=false       | vol-1 disk
          dangling=0 name=vol  | vol-1
          status=attached      | disk
          status=in-use status=attached | vol-1 disk
          anonymous=true       | anon
          anonymous=0          | plain vol-1 vol-10 disk
          opt=size             | vol-10 disk
          opt=size=2g          | disk
          opt=size opt=fs      | disk
          scope=local          | plain vol-1 vol-10 disk anon
          scope=global         |
          until=8h             | plain vol-1 vol-10
          until=2026-11-20T02:30:00Z | plain vol-1
          until=5000000000     | plain vol-1 vol-10 disk anon
          until=50000          |
          since=vol-10         | disk anon
          after=disk           | anon
          NAME=plain           | plain
          id=00000003          | vol-10
          id=00000003-1111     | vol-10
          id=0000000           | plain vol-1 vol-10 disk anon
          id=4                 |
          host=host1           | plain vol-10 anon
          host=id-of-host-0    | vol-1 disk
          host=host            |
          description=VOL-1    | vol-1 vol-10
          holder=holder-of-disk | disk
          holder=disk          |
          type=qcow2           | disk
          type=ext4 type=directory | plain vol-1 vol-10 disk anon
          path=/root/volumes/disk | disk
          path=/root/volumes   | plain vol-1 vol-10 disk anon
          path=/root/vol       |
          protected=true       | plain vol-1
          protected=false      | vol-10 disk anon
          """)
  void ls_shows(String filters, String expected) {
    VolumeFilter filter = VolumeFilter.forList(arguments(filters), context());

    assertThat(matching(filter)).isEqualTo(Optional.ofNullable(expected).orElse(""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          false |                   | anon
          true  |                   | plain vol-1 vol-10 disk anon
          false | all=1             | plain vol-1 vol-10 disk anon
          false | all=f             | anon
          true  | label=a           | vol-1 vol-10
          true  | label=a label=b   | vol-10
          true  | label!=a          | plain disk anon
          true  | label!=a label!=b | plain vol-1 disk anon
          false | label!=a          | anon
          true  | label!=b=x        | plain vol-1 disk anon
          true  | until=8h          | plain vol-1 vol-10
          false | until=1s          | anon
          true  | anonymous=false   | plain vol-1 vol-10 disk
          """)
  void prune_takes(boolean all, String filters, String expected) {
    VolumeFilter filter =
        VolumeFilter.forPrune(all, arguments(Optional.ofNullable(filters).orElse("")), context());

    assertThat(matching(filter)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          bogus=1             | invalid filter 'bogus'
          all=1               | invalid filter 'all'
          dangling=TRUE       | invalid filter 'dangling=[TRUE]'
          dangling=1 dangling=0 | invalid filter 'dangling=[0 1]'
          dangling=true dangling=false | invalid filter 'dangling=[false true]'
          status=gone         | invalid filter 'status=[gone]'
          anonymous=x         | "x" is not a valid value for the "anonymous" filter - must be true or false
          until=never         | invalid filter 'until=never': not a time
          since=nope          | invalid filter 'since=nope': no such volume
          """)
  void ls_refuses(String filters, String message) {
    assertThatThrownBy(() -> VolumeFilter.forList(arguments(filters), context()))
        .isInstanceOf(InvalidFilter.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          false | dangling=true | invalid filter 'dangling'
          false | name=x        | invalid filter 'name'
          false | all=          | invalid filter 'all': strconv.ParseBool: parsing "": invalid syntax
          false | all=1 all=0   | invalid filter 'all=[0 1]': only one value is expected
          true  | all=1         | conflicting options: cannot specify both --all and --filter all=1
          """)
  void prune_refuses(boolean all, String filters, String message) {
    assertThatThrownBy(() -> VolumeFilter.forPrune(all, arguments(filters), context()))
        .isInstanceOf(InvalidFilter.class)
        .hasMessage(message);
  }

  @Test
  void a_filter_needs_an_equals_sign_and_an_empty_one_is_ignored() {
    assertThatThrownBy(() -> FilterArguments.parse(List.of("label")))
        .hasMessage("bad format of filter (expected name=value)");
    assertThat(FilterArguments.parse(Arrays.asList("", " Label = x ")).values())
        .containsOnlyKeys("label")
        .allSatisfy((_, values) -> assertThat(values).containsExactly("x"));
  }
}
