{
  // Draws every chart from the data beside it. `ast` lets Vega work under a policy that forbids making code from text.
  const config = JSON.parse(document.getElementById("chart-config").textContent);
  const draw = async (script) => {
    const place = document.getElementById(script.dataset.for);
    const { spec, rows } = JSON.parse(script.textContent);
    try {
      await window.vegaEmbed(place, { ...spec, data: { values: rows } }, {
        mode: "vega-lite", renderer: "svg", ast: true, actions: false, config, defaultStyle: false, hover: false,
      });
    } catch (error) {
      place.textContent = "This chart could not be drawn. The table below holds its numbers.";
      console.error(place.id, error);
    }
  };
  const scripts = [...document.querySelectorAll("script.chart-data")];
  Promise.all(scripts.map(draw)).then(() => { document.documentElement.dataset.drawn = scripts.length; });

  // A chart that lay folded takes its width when it is unfolded.
  document.addEventListener("toggle", () => window.dispatchEvent(new Event("resize")), true);

  // On a phone the list of contents starts folded.
  if (window.matchMedia("(max-width: 1099px)").matches) document.querySelector("nav details").open = false;
}
