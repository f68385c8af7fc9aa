import Foundation

/// A page on which a crowd moves over a grid: one self-contained HTML file.
///
/// ```swift
/// let page = CrowdPage.html(laws: measures.laws[0], rows: 20, columns: 20, title: "crowd motion")
/// ```
public enum CrowdPage {
  /// - Parameters:
  ///   - laws: `[step][x * columns + y]`; NaN where nobody can be.
  ///   - rows: the number of rows x; larger grids than 250 × 250 are averaged to that size.
  public static func html(
    laws: [[Double]], rows: Int, columns: Int, title: String
  ) -> String {
    precondition(
      laws.allSatisfy { $0.count == rows * columns }, "every law has rows × columns entries")
    let fold = max(1, (max(rows, columns) + 249) / 250)
    let (height, width) = ((rows + fold - 1) / fold, (columns + fold - 1) / fold)
    let frames = laws.map { folded($0, rows, columns, fold, height, width) }
    let largest = frames.flatMap { $0 }.filter { $0 > 0 }.max() ?? 1
    // Square roots make sparse cells visible; 0…999 keeps the page small.
    let data = frames.map { frame in
      "["
        + frame.map {
          $0.isNaN ? "-1" : "\(Int((999 * (max($0, 0) / largest).squareRoot()).rounded()))"
        }
        .joined(separator: ",") + "]"
    }.joined(separator: ",\n")
    return page(
      title: SVGDrawing.escaped(title), data: data, height: height, width: width,
      largest: largest)
  }

  private static func folded(
    _ law: [Double], _ rows: Int, _ columns: Int, _ fold: Int, _ height: Int, _ width: Int
  ) -> [Double] {
    if fold == 1 { return law }
    var result = [Double](repeating: 0, count: height * width)
    for x in 0..<rows {
      for y in 0..<columns where !law[x * columns + y].isNaN {
        result[x / fold * width + y / fold] += law[x * columns + y]
      }
    }
    return result
  }

  private static func page(
    title: String, data: String, height: Int, width: Int, largest: Double
  ) -> String {
    """
    <!DOCTYPE html>
    <html lang="en"><head><meta charset="utf-8"><title>\(title)</title>
    <style>body{font-family:sans-serif;margin:2em}canvas{border:1px solid #888;image-rendering:pixelated}
    #bar{width:\(max(240, min(600, width * 20)))px}</style></head><body>
    <h1>\(title)</h1>
    <canvas id="grid" width="\(width)" height="\(height)"></canvas>
    <p><button id="play">pause</button> <input id="bar" type="range" min="0" value="0">
    <span id="step"></span></p>
    <p>Darker cells hold more of the population (square-root scale; the darkest is \(String(format: "%.4g", largest))).</p>
    <script>
    const frames=[\(data)];
    const canvas=document.getElementById("grid"),context=canvas.getContext("2d");
    const zoom=Math.max(1,Math.floor(600/Math.max(\(width),\(height))));
    canvas.style.width=\(width)*zoom+"px";canvas.style.height=\(height)*zoom+"px";
    const bar=document.getElementById("bar");bar.max=frames.length-1;
    let step=0,playing=true;
    function draw(){const image=context.createImageData(\(width),\(height));
    frames[step].forEach((v,i)=>{if(v<0){image.data.set([190,190,190,255],4*i);return;}const p=v/999;image.data[4*i]=255-247*p;image.data[4*i+1]=255-207*p;
    image.data[4*i+2]=255-148*p;image.data[4*i+3]=255;});
    context.putImageData(image,0,0);bar.value=step;
    document.getElementById("step").textContent="step "+step+" of "+(frames.length-1);}
    bar.oninput=()=>{step=+bar.value;draw();};
    document.getElementById("play").onclick=e=>{playing=!playing;e.target.textContent=playing?"pause":"play";};
    setInterval(()=>{if(playing){step=(step+1)%frames.length;draw();}},400);draw();
    </script></body></html>

    """
  }
}
