package org.mailjournal.relaytest;

import java.awt.Color;
import java.awt.Dimension;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.DoubleStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGraphics2D;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.w3c.dom.Document;

/**
 * Lines in a picture, both axes logarithmic.
 *
 * @param lines by name, the values by their place on the x axis
 */
record Plot(String title, String x, String y, Map<String, SortedMap<Integer, Double>> lines) {
  private static final String SVG = "http://www.w3.org/2000/svg";
  private static final int WIDTH = 720;
  private static final int HEIGHT = 460;

  /** Smaller is not measured, and a logarithm wants more than nothing. */
  private static final double LEAST = 0.001;

  /** Writes it as SVG. */
  void write(Path file) throws IOException {
    SVGGraphics2D graphics = new SVGGraphics2D(document());
    graphics.setSVGCanvasSize(new Dimension(WIDTH, HEIGHT));
    chart().paint(graphics, WIDTH, HEIGHT);
    try (Writer writer = Files.newBufferedWriter(file)) {
      graphics.stream(writer, true);
    }
  }

  private static Document document() throws IOException {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .getDOMImplementation()
          .createDocument(SVG, "svg", null);
    } catch (ParserConfigurationException e) {
      throw new IOException("a picture cannot be begun", e);
    }
  }

  private XYChart chart() {
    XYChart chart =
        new XYChartBuilder().width(WIDTH).height(HEIGHT).title(title).xAxisTitle(x).build();
    chart.setYAxisTitle(y);
    XYStyler styler = chart.getStyler();
    styler.setLegendPosition(Styler.LegendPosition.OutsideS);
    styler.setLegendLayout(Styler.LegendLayout.Horizontal);
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setXAxisLogarithmic(true);
    styler.setYAxisLogarithmic(true);
    styler.setLocale(Locale.ROOT);
    styler.setDecimalPattern("#,##0.###");
    Range places = Range.of(places());
    styler.setXAxisMin(places.least()).setXAxisMax(places.most());
    Range heights = Range.of(values());
    styler.setYAxisMin(heights.least()).setYAxisMax(heights.most());
    lines.forEach(
        (name, values) -> {
          List<Double> drawn = new ArrayList<>();
          values.values().forEach(value -> drawn.add(Math.max(LEAST, value)));
          chart.addSeries(name, new ArrayList<>(values.keySet()), drawn);
        });
    return chart;
  }

  /** Of an axis: whole powers of ten, since what is read off is an order. */
  private record Range(double least, double most) {
    private static Range of(DoubleStream values) {
      DoubleSummaryStatistics all = values.summaryStatistics();
      double least = Math.floor(Math.log10(all.getMin()));
      double most = Math.ceil(Math.log10(all.getMax()));
      return new Range(Math.pow(10, least), Math.pow(10, Math.max(most, least + 1)));
    }
  }

  private DoubleStream places() {
    return lines.values().stream()
        .flatMap(line -> line.keySet().stream())
        .mapToDouble(Integer::doubleValue);
  }

  private DoubleStream values() {
    return lines.values().stream()
        .flatMap(line -> line.values().stream())
        .mapToDouble(value -> Math.max(LEAST, value));
  }
}
