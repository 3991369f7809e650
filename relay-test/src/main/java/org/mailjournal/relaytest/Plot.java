package org.mailjournal.relaytest;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.DoubleSummaryStatistics;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.DoubleStream;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.jfree.svg.SVGGraphics2D;

/**
 * Lines in a picture, both axes logarithmic.
 *
 * @param lines by name, the values by their place on the x axis
 */
record Plot(String title, String x, String y, Map<String, SortedMap<Integer, Double>> lines) {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 460;
  private static final float STROKE = 2;

  /** In powers of ten, so that points at an end of an axis are whole. */
  private static final double EDGE = 0.1;

  /** Smaller is not measured, and a logarithm wants more than nothing. */
  private static final double LEAST = 0.001;

  /** Writes it as SVG. */
  void write(Path file) throws IOException {
    SVGGraphics2D graphics = new SVGGraphics2D(WIDTH, HEIGHT);
    chart().draw(graphics, new Rectangle2D.Double(0, 0, WIDTH, HEIGHT));
    Files.writeString(file, graphics.getSVGDocument());
  }

  private JFreeChart chart() {
    XYSeriesCollection data = new XYSeriesCollection();
    XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer();
    lines.forEach(
        (name, values) -> {
          XYSeries series = new XYSeries(name);
          values.forEach((at, value) -> series.add(at.doubleValue(), Math.max(LEAST, value)));
          renderer.setSeriesStroke(data.getSeriesCount(), new BasicStroke(STROKE));
          data.addSeries(series);
        });
    XYPlot plot = new XYPlot(data, axis(x, places()), axis(y, values()), renderer);
    plot.setBackgroundPaint(Color.WHITE);
    plot.setDomainGridlinePaint(Color.LIGHT_GRAY);
    plot.setRangeGridlinePaint(Color.LIGHT_GRAY);
    JFreeChart chart = new JFreeChart(title, plot);
    chart.setBackgroundPaint(Color.WHITE);
    return chart;
  }

  /** Whole powers of ten, and nothing between them: what is read off is an order. */
  private static LogAxis axis(String label, DoubleStream values) {
    DoubleSummaryStatistics all = values.summaryStatistics();
    LogAxis axis = new LogAxis(label);
    axis.setTickUnit(new NumberTickUnit(1));
    double least = Math.floor(Math.log10(all.getMin()));
    double most = Math.ceil(Math.log10(all.getMax()));
    axis.setRange(Math.pow(10, least - EDGE), Math.pow(10, Math.max(most, least + 1) + EDGE));
    return axis;
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
