package org.mailjournal;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.net.IDN;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The table of rooms: who may import whom. INTERNALS.md shows the same table. */
final class RoomsTest {
  private static final String ROOT = "org.mailjournal";

  private static final Map<String, Set<String>> MAY_IMPORT =
      Map.of(
          "journal", Set.of(),
          "protocol", Set.of(),
          "session", Set.of("protocol", "journal"),
          "postfix", Set.of("journal"),
          "egress", Set.of("journal"),
          "store", Set.of("journal"),
          "receipt", Set.of("journal"),
          "config", Set.of(),
          "cli", Set.of("journal", "receipt", "config"));

  private static JavaClasses product;

  @BeforeAll
  static void readTheProduct() {
    product =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);
  }

  @TestFactory
  Stream<DynamicTest> everyRoomImportsOnlyWhatItMay() {
    return MAY_IMPORT.keySet().stream()
        .sorted()
        .map(room -> DynamicTest.dynamicTest(room, () -> importsOnlyWhatItMay(room)));
  }

  private static void importsOnlyWhatItMay(String room) {
    String[] allowed =
        Stream.concat(Stream.of(room), MAY_IMPORT.get(room).stream())
            .map(RoomsTest::packageOf)
            .toArray(String[]::new);
    classes()
        .that()
        .resideInAPackage(packageOf(room))
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(allowed).or(resideOutsideOfPackage(ROOT + "..")))
        .check(product);
  }

  @Test
  void everyRoomStandsInTheTable() {
    Set<String> rooms =
        product.stream()
            .map(JavaClass::getPackageName)
            .filter(name -> !name.equals(ROOT))
            .map(name -> name.substring(ROOT.length() + 1))
            .collect(Collectors.toCollection(TreeSet::new));
    rooms.removeAll(MAY_IMPORT.keySet());
    assertEquals(Set.of(), rooms, "rooms that no row of the table names");
  }

  @Test
  void onlyMainWires() {
    List<String> roots =
        product.stream()
            .filter(c -> c.getPackageName().equals(ROOT))
            .filter(JavaClass::isTopLevelClass)
            .filter(
                c ->
                    c.getModifiers().contains(com.tngtech.archunit.core.domain.JavaModifier.PUBLIC))
            .map(JavaClass::getSimpleName)
            .toList();
    assertEquals(List.of("Main"), roots);
  }

  @Test
  void theJournalKnowsNeitherSqlNorSockets() {
    noClasses()
        .that()
        .resideInAPackage(packageOf("journal"))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("java.sql..", "java.net..", "java.nio.channels..", "io.netty..")
                // The forms of a name: it lies beside the sockets and opens none.
                .and(not(equivalentTo(IDN.class))))
        .check(product);
  }

  @Test
  void onlyTheStoreSpeaksSql() {
    noClasses()
        .that(resideOutsideOfPackage(packageOf("store")))
        .should()
        .dependOnClassesThat(resideInAPackage("java.sql.."))
        .check(product);
  }

  @Test
  void onlyTheProtocolKnowsNettyAndJmilter() {
    noClasses()
        .that(resideOutsideOfPackage(packageOf("protocol")))
        .should()
        .dependOnClassesThat(resideInAnyPackage("io.netty..", "org.nightcode.."))
        .check(product);
  }

  private static String packageOf(String room) {
    return ROOT + "." + room;
  }
}
