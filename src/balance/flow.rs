//! Whether any matrix with the prior's signs meets the totals: a question of flows.
//!
//! A row sends its total, a column takes its own; a positive cell carries from row to column, a
//! negative one back, as much as it likes. The totals can be met if and only if a largest flow
//! (Dinic's algorithm) saturates every total; else its smallest cut are totals that contradict each
//! other. Cells without flow between parts that no cycle joins can only be zero.

use super::support::Support;
use super::{BalanceError, Conflict, Side};

/// A flow this small, as a share of all totals, is rounding.
const ROUNDING: f64 = 1e-13;

/// A total that is missed by more than this share of all totals is a conflict.
const MISSED: f64 = 1e-10;

/// For each cell whether it can only be zero.
///
/// # Errors
/// The totals that contradict each other, if some do.
pub fn examine(support: &Support) -> Result<Vec<bool>, BalanceError> {
    let (mut network, sent) = Network::of(support);
    let flow = network.fill();
    if sent - flow > MISSED * sent {
        return Err(BalanceError::Conflict(conflict(support, &network)));
    }
    let parts = network.parts();
    let rows = support.rows.len();
    let mut forced = vec![false; support.values.len()];
    for row in 0..rows {
        for cell in support.of_row(row) {
            let column = 2 + rows + support.places[cell] as usize;
            forced[cell] =
                network.back(cell) <= network.smallest && parts[2 + row] != parts[column];
        }
    }
    Ok(forced)
}

/// A residual network: edge `2k` and its reverse `2k + 1` hold what they can still carry. The edges of
/// the support's cells come first.
struct Network {
    to: Vec<u32>,
    left: Vec<f64>,
    /// Edges of each node.
    starts: Vec<usize>,
    edges: Vec<u32>,
    smallest: f64,
}

const SOURCE: usize = 0;
const SINK: usize = 1;

impl Network {
    fn of(support: &Support) -> (Network, f64) {
        let rows = support.rows.len();
        let mut pairs: Vec<(usize, usize, f64)> = Vec::new();
        for row in 0..rows {
            for cell in support.of_row(row) {
                let (row, column) = (2 + row, 2 + rows + support.places[cell] as usize);
                pairs.push(match support.values[cell] > 0.0 {
                    true => (row, column, f64::INFINITY),
                    false => (column, row, f64::INFINITY),
                });
            }
        }
        let mut sent = 0.0;
        // A negative total turns a line around.
        let of_rows = support.rows.iter().enumerate().map(|(at, total)| (2 + at, *total));
        let of_columns = support.columns.iter().enumerate();
        let of_columns = of_columns.map(|(at, total)| (2 + rows + at, -total));
        for (line, total) in of_rows.chain(of_columns) {
            if total > 0.0 {
                pairs.push((SOURCE, line, total));
                sent += total;
            } else if total < 0.0 {
                pairs.push((line, SINK, -total));
            }
        }
        let nodes = 2 + rows + support.columns.len();
        (Network::build(nodes, &pairs, sent * ROUNDING), sent)
    }

    fn build(nodes: usize, pairs: &[(usize, usize, f64)], smallest: f64) -> Network {
        let mut starts = vec![0; nodes + 1];
        for (from, to, _) in pairs {
            starts[from + 1] += 1;
            starts[to + 1] += 1;
        }
        (0..nodes).for_each(|node| starts[node + 1] += starts[node]);
        let mut next = starts.clone();
        let mut edges = vec![0; 2 * pairs.len()];
        let (mut to, mut left) = (Vec::with_capacity(edges.len()), Vec::with_capacity(edges.len()));
        for (from, into, capacity) in pairs {
            for (node, other, capacity) in [(*from, *into, *capacity), (*into, *from, 0.0)] {
                edges[next[node]] = to.len() as u32;
                next[node] += 1;
                to.push(other as u32);
                left.push(capacity);
            }
        }
        Network { to, left, starts, edges, smallest }
    }

    fn nodes(&self) -> usize {
        self.starts.len() - 1
    }

    /// Flow of a cell.
    fn back(&self, cell: usize) -> f64 {
        self.left[2 * cell + 1]
    }

    /// Steps from the source to each node over edges that still carry.
    fn levels(&self) -> Vec<u32> {
        let mut levels = vec![u32::MAX; self.nodes()];
        levels[SOURCE] = 0;
        let mut queue = vec![SOURCE];
        let mut at = 0;
        while let Some(&node) = queue.get(at) {
            at += 1;
            for &edge in &self.edges[self.starts[node]..self.starts[node + 1]] {
                let to = self.to[edge as usize] as usize;
                if self.left[edge as usize] > self.smallest && levels[to] == u32::MAX {
                    levels[to] = levels[node] + 1;
                    queue.push(to);
                }
            }
        }
        levels
    }

    /// Sends as much as it can from source to sink.
    fn fill(&mut self) -> f64 {
        let mut flow = 0.0;
        loop {
            let levels = self.levels();
            if levels[SINK] == u32::MAX {
                return flow;
            }
            let mut next = self.starts.clone();
            loop {
                let sent = self.path(&levels, &mut next);
                if sent == 0.0 {
                    break;
                }
                flow += sent;
            }
        }
    }

    /// Sends along one shortest path; 0 if there is none left among these levels.
    fn path(&mut self, levels: &[u32], next: &mut [usize]) -> f64 {
        let mut path: Vec<usize> = Vec::new();
        let mut node = SOURCE;
        while node != SINK {
            let at = next[node];
            if at == self.starts[node + 1] {
                // A dead end: back, and past the edge that led here.
                let Some(edge) = path.pop() else { return 0.0 };
                node = self.to[edge ^ 1] as usize;
                next[node] += 1;
                continue;
            }
            let edge = self.edges[at] as usize;
            let to = self.to[edge] as usize;
            if self.left[edge] > self.smallest && levels[to] == levels[node] + 1 {
                path.push(edge);
                node = to;
            } else {
                next[node] += 1;
            }
        }
        let sent = path.iter().map(|edge| self.left[*edge]).fold(f64::INFINITY, f64::min);
        for edge in path {
            self.left[edge] -= sent;
            self.left[edge ^ 1] += sent;
        }
        sent
    }

    /// Number of the strongly connected part each node lies in (Tarjan).
    fn parts(&self) -> Vec<u32> {
        let n = self.nodes();
        let mut search = Tarjan {
            index: vec![0; n],
            low: vec![0; n],
            part: vec![u32::MAX; n],
            stack: Vec::new(),
            found: 0,
            parts: 0,
        };
        (0..n).for_each(|node| search.visit(self, node));
        search.part
    }
}

struct Tarjan {
    /// Order of discovery, from 1; 0 for a node not seen yet.
    index: Vec<u32>,
    low: Vec<u32>,
    part: Vec<u32>,
    stack: Vec<usize>,
    found: u32,
    parts: u32,
}

impl Tarjan {
    fn enter(&mut self, network: &Network, node: usize, calls: &mut Vec<(usize, usize)>) {
        self.found += 1;
        (self.index[node], self.low[node]) = (self.found, self.found);
        self.stack.push(node);
        calls.push((node, network.starts[node]));
    }

    /// Without recursion: a chain of cells may be long.
    fn visit(&mut self, network: &Network, root: usize) {
        if self.index[root] != 0 {
            return;
        }
        let mut calls = Vec::new();
        self.enter(network, root, &mut calls);
        while let Some((node, at)) = calls.last_mut() {
            let node = *node;
            if *at < network.starts[node + 1] {
                let edge = network.edges[*at] as usize;
                *at += 1;
                let to = network.to[edge] as usize;
                if network.left[edge] <= network.smallest {
                    continue;
                }
                if self.index[to] == 0 {
                    self.enter(network, to, &mut calls);
                } else if self.part[to] == u32::MAX {
                    self.low[node] = self.low[node].min(self.index[to]);
                }
                continue;
            }
            if self.low[node] == self.index[node] {
                while let Some(member) = self.stack.pop() {
                    self.part[member] = self.parts;
                    if member == node {
                        break;
                    }
                }
                self.parts += 1;
            }
            calls.pop();
            if let Some((above, _)) = calls.last() {
                self.low[*above] = self.low[*above].min(self.low[node]);
            }
        }
    }
}

/// The lines behind the smallest cut, told from the side that needs fewer names.
fn conflict(support: &Support, network: &Network) -> Conflict {
    let levels = network.levels();
    let (n, m) = (support.rows.len(), support.columns.len());
    let behind = |node: usize| levels[node] != u32::MAX;
    let sides = [true, false].map(|reached| {
        let lines = |count: usize, first: usize| -> Vec<usize> {
            (0..count).filter(|at| behind(first + at) == reached).collect()
        };
        worst_part(support, &lines(n, 2), &lines(m, 2 + n))
    });
    let [a, b] = sides;
    let (size_a, size_b) = (a.0.len() + a.1.len(), b.0.len() + b.1.len());
    let ((rows, columns), over) = if size_a <= size_b { (a, Side::Row) } else { (b, Side::Column) };
    let row_total = rows.iter().map(|row| support.rows[*row]).sum();
    let column_total = columns.iter().map(|column| support.columns[*column]).sum();
    Conflict { rows, columns, row_total, column_total, over }
}

/// Lines on one side of the cut fall into parts that share no cell; the one that is furthest off.
fn worst_part(support: &Support, rows: &[usize], columns: &[usize]) -> (Vec<usize>, Vec<usize>) {
    let (n, m) = (support.rows.len(), support.columns.len());
    let mut inside = vec![false; n + m];
    rows.iter().for_each(|row| inside[*row] = true);
    columns.iter().for_each(|column| inside[n + column] = true);
    let mut leader: Vec<usize> = (0..n + m).collect();
    for &row in rows {
        for cell in support.of_row(row) {
            let column = n + support.places[cell] as usize;
            if inside[column] {
                let (a, b) = (root(&mut leader, row), root(&mut leader, column));
                leader[a.max(b)] = a.min(b);
            }
        }
    }
    let mut off = vec![0.0; n + m];
    for line in (0..n + m).filter(|line| inside[*line]) {
        let total = if line < n { support.rows[line] } else { -support.columns[line - n] };
        off[root(&mut leader, line)] += total;
    }
    let mut worst = 0;
    for line in 0..n + m {
        if off[line].abs() > off[worst].abs() {
            worst = line;
        }
    }
    let mut part = |lines: &[usize], first: usize| -> Vec<usize> {
        lines.iter().copied().filter(|at| root(&mut leader, first + at) == worst).collect()
    };
    (part(rows, 0), part(columns, n))
}

fn root(leader: &mut [usize], mut at: usize) -> usize {
    while leader[at] != at {
        leader[at] = leader[leader[at]];
        at = leader[at];
    }
    at
}
