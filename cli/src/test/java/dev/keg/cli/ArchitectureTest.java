package dev.keg.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The rules about which code may use which, each with its reason. */
class ArchitectureTest {
  private static final JavaClasses KEG =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("dev.keg");

  /** The lowest packages; each may use those before it. */
  private static final List<String> LOWEST =
      List.of("age", "error", "volume", "program", "file", "tls", "json", "tree", "usage");

  /** The packages of core that each package may use, besides the lowest ones and its own. */
  private static final Map<String, List<String>> MAY_USE =
      Map.ofEntries(
          Map.entry("adoption", List.of("disk", "driver", "lifecycle", "registry")),
          Map.entry("cloning", List.of("attachment", "driver", "lifecycle", "registry")),
          Map.entry(
              "copying",
              List.of("attachment", "backup", "cloning", "lifecycle", "registry", "volumeset")),
          Map.entry("disk", List.of()),
          Map.entry("driver", List.of()),
          Map.entry("registry", List.of()),
          Map.entry("attachment", List.of("registry")),
          Map.entry(
              "snapshot",
              List.of(
                  "attachment",
                  "backup",
                  "cloning",
                  "driver",
                  "lifecycle",
                  "registry",
                  "volumeset")),
          Map.entry("machine", List.of("attachment", "driver", "lifecycle", "registry")),
          Map.entry("mountspec", List.of()),
          Map.entry(
              "moving",
              List.of(
                  "attachment",
                  "backup",
                  "driver",
                  "lifecycle",
                  "registry",
                  "snapshot",
                  "volumeset")),
          Map.entry("engine", List.of("driver", "lifecycle", "registry", "volumeset")),
          Map.entry("activity", List.of("lifecycle", "registry")),
          Map.entry(
              "platform",
              List.of("activity", "attachment", "driver", "machine", "publish", "tuning")),
          Map.entry("tuning", List.of("attachment", "driver", "lifecycle", "registry")),
          Map.entry("warming", List.of("lifecycle", "volumeset")),
          Map.entry("publish", List.of("mountspec")),
          Map.entry("lifecycle", List.of("driver", "registry", "attachment")),
          Map.entry(
              "volumeset",
              List.of(
                  "lifecycle",
                  "mountspec",
                  "attachment",
                  "driver",
                  "publish",
                  "registry",
                  "tuning")),
          Map.entry(
              "render",
              List.of(
                  "disk",
                  "machine",
                  "lifecycle",
                  "volumeset",
                  "mountspec",
                  "attachment",
                  "driver",
                  "registry")),
          Map.entry(
              "health",
              List.of(
                  "activity",
                  "backup",
                  "copying",
                  "lifecycle",
                  "policy",
                  "tuning",
                  "volumeset",
                  "attachment",
                  "driver",
                  "registry")),
          Map.entry("config", List.of("backup", "driver", "registry")),
          Map.entry(
              "policy",
              List.of("backup", "registry", "lifecycle", "snapshot", "moving", "machine")),
          Map.entry(
              "backup",
              List.of(
                  "disk",
                  "lifecycle",
                  "registry",
                  "driver",
                  "attachment",
                  "machine",
                  "volumeset")));

  /** The parts of backup that each part may use, besides its own. */
  private static final Map<String, List<String>> BACKUP_MAY_USE =
      Map.ofEntries(
          Map.entry("tar", List.of()),
          Map.entry("retention", List.of()),
          Map.entry("store", List.of()),
          Map.entry("archive", List.of("tar")),
          Map.entry("oci", List.of("restore", "save", "store", "archive")),
          Map.entry("repository", List.of("store", "retention")),
          Map.entry("extract", List.of("archive", "tar")),
          Map.entry("writer", List.of()),
          Map.entry("save", List.of("writer", "archive", "repository", "store")),
          Map.entry("browse", List.of("replica", "save", "repository", "store", "archive")),
          Map.entry("replica", List.of("save", "repository", "retention", "store", "archive")),
          Map.entry("repack", List.of("replica", "repository", "store", "archive")),
          Map.entry(
              "restore",
              List.of(
                  "replica", "repack", "save", "repository", "extract", "store", "archive", "tar")),
          Map.entry(
              "drill", List.of("restore", "extract", "replica", "save", "repository", "store")));

  private static String in(String name) {
    return "dev.keg." + name + "..";
  }

  @TestFactory
  Stream<DynamicTest> a_package_of_core_uses_only_what_the_design_lets_it_use() {
    return packages().stream()
        .map(
            name ->
                DynamicTest.dynamicTest(
                    name,
                    () ->
                        classes()
                            .that()
                            .resideInAPackage(in(name))
                            .should()
                            .onlyDependOnClassesThat(
                                not(resideInAPackage("dev.keg.."))
                                    .or(resideInAnyPackage(allowed(name))))
                            .allowEmptyShould(true)
                            .check(KEG)));
  }

  @TestFactory
  Stream<DynamicTest> a_part_of_backup_uses_only_the_parts_below_it() {
    return BACKUP_MAY_USE.entrySet().stream()
        .map(
            part ->
                DynamicTest.dynamicTest(
                    part.getKey(),
                    () ->
                        classes()
                            .that()
                            .resideInAPackage(in("backup." + part.getKey()))
                            .should()
                            .onlyDependOnClassesThat(
                                not(resideInAPackage(in("backup")))
                                    .or(
                                        resideInAnyPackage(
                                            Stream.concat(
                                                    Stream.of(part.getKey()),
                                                    part.getValue().stream())
                                                .map(name -> in("backup." + name))
                                                .toArray(String[]::new))))
                            .check(KEG)));
  }

  @Test
  void every_part_of_backup_is_in_its_table() {
    classes()
        .that()
        .resideInAPackage(in("backup"))
        .and()
        .doNotHaveSimpleName("package-info")
        .should()
        .resideInAnyPackage(
            BACKUP_MAY_USE.keySet().stream()
                .map(name -> in("backup." + name))
                .toArray(String[]::new))
        .check(KEG);
  }

  private static SortedSet<String> packages() {
    SortedSet<String> packages = new TreeSet<>(LOWEST);
    packages.addAll(MAY_USE.keySet());
    return packages;
  }

  private static String[] allowed(String name) {
    TreeSet<String> allowed = new TreeSet<>(MAY_USE.getOrDefault(name, List.of()));
    allowed.add(name);
    int below = LOWEST.indexOf(name);
    allowed.addAll(below < 0 ? LOWEST : LOWEST.subList(0, below));
    return allowed.stream().map(ArchitectureTest::in).toArray(String[]::new);
  }

  @Test
  void every_package_of_core_is_in_the_table() {
    SortedMap<String, String> found = new TreeMap<>();
    KEG.forEach(
        type -> {
          String name =
              type.getPackageName().split("\\.", -1).length > 2
                  ? type.getPackageName().split("\\.", -1)[2]
                  : "";
          found.put(name, type.getName());
        });
    found.keySet().removeAll(List.of("cli", "linux", "windows", "fixtures", ""));

    assertThat(packages()).containsAll(found.keySet());
  }

  @Test
  void packages_have_no_cycles() {
    slices().matching("dev.keg.(**)").should().beFreeOfCycles().check(KEG);
  }

  @Test
  void drivers_know_nothing_of_each_other() {
    slices()
        .matching("dev.keg.linux.(*)..")
        .should()
        .notDependOnEachOther()
        .ignoreDependency(
            resideInAPackage("dev.keg.linux.."),
            resideInAnyPackage(
                in("linux.kernel"),
                in("linux.mount"),
                in("linux.program"),
                in("linux.filesystem"),
                in("linux.driver"),
                in("linux.tree")))
        .allowEmptyShould(true)
        .check(KEG);
    slices()
        .matching("dev.keg.windows.(*)..")
        .should()
        .notDependOnEachOther()
        .ignoreDependency(
            resideInAPackage("dev.keg.windows.."),
            resideInAnyPackage(in("windows.win32"), in("windows.driver")))
        .allowEmptyShould(true)
        .check(KEG);
  }

  @TestFactory
  Stream<DynamicTest> each_of_these_belongs_in_one_place() {
    return Stream.of(
        only("the native seam knows JNA", "com.sun.jna..", in("linux.kernel"), in("windows.win32")),
        only("the command line knows picocli", "picocli..", in("cli"), "picocli.."),
        only("JSON is read and written in one place", "com.fasterxml.jackson..", in("json")),
        only(
            "patterns are matched in linear time", "com.google.re2j..", in("volume"), in("policy")),
        only("core reads YAML in compose files only", "org.snakeyaml..", in("mountspec")),
        only("archives of others are read by backup", "org.apache.commons..", in("backup")),
        only("zstd is the backup's", "com.github.luben..", in("backup")));
  }

  private static DynamicTest only(String reason, String library, String... places) {
    ArchRule rule =
        noClasses()
            .that()
            .resideOutsideOfPackages(places)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(library)
            .because(reason);
    return DynamicTest.dynamicTest(reason, () -> rule.check(KEG));
  }

  @Test
  void windows_structures_have_one_layout_everywhere() {
    noClasses()
        .that()
        .resideInAPackage(in("windows"))
        .should()
        .dependOnClassesThat()
        .haveNameMatching("com\\.sun\\.jna\\.(win32\\..*|platform\\..*|WString|NativeLong)")
        .because(
            "it is tried on Linux, where there is no StdCall, a wchar_t has 4 bytes and a long 8")
        .check(KEG);
  }

  @Test
  void core_does_not_know_the_machine_it_runs_on() {
    noClasses()
        .that()
        .resideInAnyPackage(packages().stream().map(ArchitectureTest::in).toArray(String[]::new))
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.ProcessBuilder")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.io.File")
        .orShould()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(System.class, "exit", int.class)
        .because("core is given its clock, its streams and its paths")
        .check(KEG);
  }

  /** The transcripts on Windows-like files check the same for the code that they run. */
  @Test
  void permissions_are_only_set_where_they_exist() {
    classes()
        .that()
        .resideInAPackage("dev.keg..")
        .and()
        .resideOutsideOfPackages(in("linux"), in("fixtures"))
        .and(
            calls(Files.class, "setPosixFilePermissions", "getPosixFilePermissions")
                .or(calls(PosixFilePermissions.class, "asFileAttribute")))
        .should(ArchCondition.from(calls(FileSystem.class, "supportedFileAttributeViews")))
        .because("Windows has no permissions, and Java throws where there are none")
        .check(KEG);
  }

  private static DescribedPredicate<JavaClass> calls(Class<?> owner, String... names) {
    return DescribedPredicate.describe(
        "call " + owner.getSimpleName() + "." + String.join("|", names),
        type ->
            type.getMethodCallsFromSelf().stream()
                .map(JavaMethodCall::getTarget)
                .anyMatch(
                    target ->
                        target.getOwner().isEquivalentTo(owner)
                            && List.of(names).contains(target.getName())));
  }

  @Test
  void external_programs_are_started_in_one_class_of_each_platform() {
    noClasses()
        .that()
        .resideInAPackage("dev.keg..")
        .and()
        .haveSimpleNameNotEndingWith("Tools")
        .and()
        .resideOutsideOfPackage(in("fixtures"))
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.ProcessBuilder")
        .because("argument lists, time limits and missing programs are handled once")
        .check(KEG);
  }

  @Test
  void only_main_ends_the_process() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("dev.keg.cli.Main")
        .and()
        .resideInAPackage("dev.keg..")
        .and()
        .resideOutsideOfPackage(in("fixtures"))
        .should()
        .callMethod(System.class, "exit", int.class)
        .check(KEG);
  }

  @Test
  void libraries_for_convenience_stay_out() {
    noClasses()
        .that()
        .resideInAPackage("dev.keg..")
        .and()
        .resideOutsideOfPackage(in("fixtures"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.google.common..", "org.slf4j..", "org.apache.commons.lang3..")
        .check(KEG);
  }
}
